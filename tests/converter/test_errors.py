"""Messages: one line, whatever they quote."""

import pickle

import pytest

from converter import errors
from converter.errors import ConversionError, InputRefused, UnsupportedLayer, quoted


@pytest.mark.parametrize(
    "value", ["a\nb", "\x1b[31m", "x" * 500, "\u202e", "'\"", 3, None, ["\n"], {"a": "\r\n"}, "\ud800"]
)
def test_an_untrusted_value_is_quoted_on_one_short_line(value: object) -> None:
    shown = quoted(value)

    assert shown.isprintable()
    assert len(shown) < 500
    shown.encode("utf-8")


def test_every_error_has_a_code_of_its_own() -> None:
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, ConversionError)]

    assert len({c.code for c in classes}) == len(classes)


def test_an_unsupported_layer_says_what_is_supported() -> None:
    error = UnsupportedLayer("look", "Conv2D", "cannot be converted", ["Dense", "Activation"])

    assert isinstance(error, InputRefused)
    assert str(error) == 'Layer "look" (class "Conv2D") cannot be converted; supported: Activation, Dense.'


def test_an_error_survives_the_way_between_processes() -> None:
    error = UnsupportedLayer("look", "Conv2D", "cannot be converted", ["Dense"])

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.layer, copy.class_name, copy.supported) == (str(error), "look", "Conv2D", ("Dense",))
