"""Where templates and static files lie: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def assets_dir(name: str) -> Path:
    """The folder `static` or `templates`. Raises FileNotFoundError when neither place has it."""
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"The folder {name!r} is missing: install the package again.")
