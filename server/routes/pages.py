"""The pages."""

from flask import Blueprint, render_template

from server.assets import assets_dir, modules_of

pages = Blueprint("pages", __name__)

PLAYGROUND_ENTRY = "js/main.js"
IMAGES_ENTRY = "js/images.js"


@pages.get("/")
def playground() -> str:
    """A pupil's bench."""
    return _page("playground.html", PLAYGROUND_ENTRY)


@pages.get("/images")
def images() -> str:
    """The bench for networks that look at pictures."""
    return _page("images.html", IMAGES_ENTRY)


def _page(template: str, entry: str) -> str:
    """A page that names its entry and every module the entry needs; no page loads those of another."""
    static = assets_dir("static")
    modules = [module.relative_to(static).as_posix() for module in modules_of(static / entry)]
    return render_template(template, entry=entry, modules=modules)
