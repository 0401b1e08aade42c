"""Parsers of the arguments that layers carry: an untrusted value in, a checked one out, or a refusal that names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from converter.errors import InvalidConfiguration, UnsupportedLayer

MAX_UNITS = 1_000_000
MAX_WINDOW = 256
"""Largest side of a kernel or pool, largest stride and dilation."""


@dataclass(frozen=True)
class Argument:
    """Where an argument stands, for messages."""

    layer: str
    class_name: str
    name: str

    def refused(self, expected: str, received: object) -> InvalidConfiguration:
        """Build the error saying that this argument has a wrong value."""
        return InvalidConfiguration.of_argument(self.layer, self.name, expected, received)

    def unsupported(self, reason: str, supported: Iterable[str]) -> UnsupportedLayer:
        """Build the error saying that the layer asks for what cannot be expressed."""
        return UnsupportedLayer(self.layer, self.class_name, reason, supported)


Parser = Callable[[object, Argument], object]
Arguments = Mapping[str, object]


# ---- Numbers and switches -------------------------------------------------------------------------------------


def parse_units(value: object, argument: Argument) -> object:
    """Take a whole number from 1 to MAX_UNITS."""
    if not _is_whole(value, 1, MAX_UNITS):
        raise argument.refused(f"a whole number from 1 to {MAX_UNITS}", value)
    return value


def parse_flag(value: object, argument: Argument) -> object:
    """Take true or false."""
    if not isinstance(value, bool):
        raise argument.refused("true or false", value)
    return value


def parse_share(value: object, argument: Argument) -> object:
    """Take a number from 0 to 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise argument.refused("a number from 0 to 1", value)
    return float(value)


def parse_nothing(value: object, argument: Argument) -> object:
    """Take null or false only: an extra this converter does not know how to honour."""
    if value is not None and value is not False:
        raise argument.refused("null (this extra cannot be converted)", value)
    return None


def _is_whole(value: object, lowest: int, highest: int) -> bool:
    return type(value) is int and lowest <= value <= highest


# ---- Shapes and types -----------------------------------------------------------------------------------------


def parse_dtype_policy(value: object, argument: Argument) -> object:
    """Take float32, as a name or as the object Keras writes for a dtype policy."""
    name = value
    if isinstance(value, Mapping) and value.get("class_name") == "DTypePolicy":
        policy = value.get("config")
        name = policy.get("name") if isinstance(policy, Mapping) else value
    if name is not None and name != "float32":
        raise argument.refused("float32, the precision of TensorFlow.js", name)
    return "float32"


def parse_batch_shape(value: object, argument: Argument) -> object:
    """Take a list of sizes, batch axis first, null for unknown ones; returns a Shape of rank 2 or more."""
    expected = "a list of at least two sizes, each null or a whole number from 1 to 1000000"
    if not isinstance(value, (list, tuple)) or not 2 <= len(value) <= 8:
        raise argument.refused(expected, value)
    if not all(size is None or _is_whole(size, 1, MAX_UNITS) for size in value):
        raise argument.refused(expected, value)
    return tuple(value)


def parse_axis(value: object, argument: Argument) -> object:
    """Take the number of an axis, counted from either end; whether the input has it is seen when it is called."""
    if not _is_whole(value, -8, 8):
        raise argument.refused("the number of one axis", value)
    return value


# ---- Windows that slide over a picture ------------------------------------------------------------------------


def parse_sides(value: object, argument: Argument) -> object:
    """Take height and width, or one number for both, each from 1 to MAX_WINDOW; returns a pair."""
    sides = [value, value] if isinstance(value, int) else value
    if isinstance(sides, (list, tuple)) and len(sides) == 2 and all(_is_whole(side, 1, MAX_WINDOW) for side in sides):
        return tuple(sides)
    raise argument.refused(f"two whole numbers from 1 to {MAX_WINDOW}", value)


def parse_sides_or_nothing(value: object, argument: Argument) -> object:
    """Take the same, or null."""
    return None if value is None else parse_sides(value, argument)


def parse_padding(value: object, argument: Argument) -> object:
    """Take valid or same."""
    if value not in ("valid", "same"):
        raise argument.refused('"valid" or "same"', value)
    return value


def parse_data_format(value: object, argument: Argument) -> object:
    """Take channels_last, or null for it; another order of axes cannot be converted."""
    if value == "channels_first":
        raise argument.unsupported("takes pictures with channels first, which cannot be converted", ["channels_last"])
    if value not in (None, "channels_last"):
        raise argument.refused('"channels_last"', value)
    return "channels_last"


def parse_groups(value: object, argument: Argument) -> object:
    """Take 1: TensorFlow.js knows no convolution in groups."""
    if _is_whole(value, 2, MAX_UNITS):
        raise argument.unsupported(f"is a convolution in {value} groups, which cannot be converted", ["groups=1"])
    if not _is_whole(value, 1, 1):
        raise argument.refused("1", value)
    return value


COMMON: Mapping[str, Parser] = {"dtype": parse_dtype_policy}
"""Arguments of every layer."""

COMMON_IGNORED = frozenset({"name", "trainable", "activity_regularizer"})
"""Arguments of every layer that do not change what a trained model answers."""


def ignored_of(*weights: str) -> frozenset[str]:
    """What a layer says about how its weights began and are trained."""
    endings = ("initializer", "regularizer", "constraint")
    return frozenset(f"{weight}_{ending}" for weight in weights for ending in endings)
