"""The tables in converter/README.md: current, and about every layer there is."""

import keras
import pytest

from tests.converter.support_table import BEGIN, END, README, missing_layers, with_tables

PINNED = "3.15"
"""The Keras whose layers the README lists; others have fewer, or more."""


def test_every_layer_of_keras_is_examined_or_explained() -> None:
    assert missing_layers() == []


@pytest.mark.skipif(not keras.__version__.startswith(PINNED), reason=f"the README lists the layers of Keras {PINNED}")
def test_the_tables_of_the_readme_are_current() -> None:
    text = README.read_text(encoding="utf-8")

    assert text.count(BEGIN) == text.count(END) == 1
    assert with_tables(text) == text, "run: python -m tests.converter.support_table"
