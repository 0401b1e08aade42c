"""The oldest libraries a server may stand on: below them are known holes in what faces the network.

`pyproject.toml` asks for the same, and a test compares the two; this looks again at the start, for those who installed
in a way of their own. Keras is not looked at here: the web process never loads it.
"""

import re
from collections.abc import Callable, Mapping
from importlib.metadata import version

FLOORS: Mapping[str, tuple[int, ...]] = {
    "flask": (3, 1, 0),
    "pillow": (12, 1, 1),  # before: a picture could write beyond its memory; it reads those of strangers
    "waitress": (3, 0, 2),  # before 3.0.1 a second request could be smuggled behind a first one, and lost browsers spun
    "werkzeug": (3, 1, 6),  # before: names of devices passed as files, and forms took memory without bound
}


def too_old(version_of: Callable[[str], str] = version) -> list[str]:
    """A sentence for each library below its floor; empty when all is well."""
    return [
        f"{name} {version_of(name)} is installed, but {'.'.join(map(str, floor))} is the oldest that is safe: "
        f"install it with 'pip install -U {name}'."
        for name, floor in FLOORS.items()
        if parts_of(version_of(name)) < floor
    ]


def parts_of(text: str) -> tuple[int, ...]:
    """The numbers of a version, `3.1.9rc1` as (3, 1, 9): enough to compare with a floor."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])
