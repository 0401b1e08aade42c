"""The page."""

from flask import Blueprint, render_template

from server.assets import assets_dir, modules_of

pages = Blueprint("pages", __name__)

ENTRY = "js/main.js"


@pages.get("/")
def playground() -> str:
    """A pupil's bench."""
    static = assets_dir("static")
    modules = [module.relative_to(static).as_posix() for module in modules_of(static / ENTRY)]
    return render_template("playground.html", entry=ENTRY, modules=modules)
