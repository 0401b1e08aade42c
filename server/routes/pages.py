"""The page."""

from flask import Blueprint, render_template

pages = Blueprint("pages", __name__)


@pages.get("/")
def playground() -> str:
    """A pupil's bench."""
    return render_template("playground.html")
