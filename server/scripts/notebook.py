"""A script as a Jupyter notebook (nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html)."""

from collections.abc import Sequence

from server.domain.events import Payload

_CURVE = """import matplotlib.pyplot as plt

plt.plot(history["loss"], label="training")
plt.plot(history["val_loss"], "--", label="test")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()"""


def notebook_payload(title: str, sections: Sequence[tuple[str, str]]) -> Payload:
    """A notebook of (heading, source) sections, with the curve as a picture at its end."""
    cells = [_text("title", f"# {title}\n\nNeeds numpy, tensorflow (Keras 3) and matplotlib.")]
    for number, (heading, source) in enumerate([*sections, ("The curve", _CURVE)]):
        cells += [_text(f"text-{number}", f"## {heading}"), _code(f"code-{number}", source)]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": cells,
    }


def _text(cell_id: str, source: str) -> Payload:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": _lines(source)}


def _code(cell_id: str, source: str) -> Payload:
    cell = {"cell_type": "code", "id": cell_id, "metadata": {}, "source": _lines(source)}
    return cell | {"execution_count": None, "outputs": []}


def _lines(source: str) -> list[str]:
    return source.splitlines(keepends=True)
