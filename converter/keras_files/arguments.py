"""Parsers of the arguments that layers carry: an untrusted value in, a checked one out, or a refusal that names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from converter.errors import InvalidConfiguration, UnsupportedLayer, quoted

MAX_UNITS = 1_000_000
"""Largest number of units, filters, tokens; largest side of a tensor."""

MAX_WINDOW = 256
"""Largest side of a kernel or pool, largest stride and dilation."""

MAX_RANK = 8
"""Most axes a tensor has."""

_MAX_NUMBERS = 100_000
_MAX_MAGNITUDE = 1e38
_MAX_TEXT_LENGTH = 500


@dataclass(frozen=True)
class Argument:
    """Where an argument stands, for messages, and how a layer inside it is read."""

    layer: str
    class_name: str
    name: str
    read_layer: Callable[[object], object]

    def refused(self, expected: str, received: object) -> InvalidConfiguration:
        """Build the error saying that this argument has a wrong value."""
        return InvalidConfiguration.of_argument(self.layer, self.name, expected, received)

    def unsupported(self, reason: str, instead: str) -> UnsupportedLayer:
        """Build the error saying that the layer asks for what cannot be converted."""
        return UnsupportedLayer(self.layer, self.class_name, reason, instead=instead)


Parser = Callable[[object, Argument], object]


# ---- Combinations ---------------------------------------------------------------------------------------------


def optional(parser: Parser) -> Parser:
    """Take null too."""
    return lambda value, argument: None if value is None else parser(value, argument)


def list_of(parser: Parser, lowest: int = 0, highest: int = MAX_RANK) -> Parser:
    """Take a list of `lowest` to `highest` values; returns a tuple."""

    def parse(value: object, argument: Argument) -> object:
        if not isinstance(value, (list, tuple)) or not lowest <= len(value) <= highest:
            raise argument.refused(f"a list of {lowest} to {highest} values", value)
        return tuple(parser(item, argument) for item in value)

    return parse


def one_or_list_of(parser: Parser, highest: int = MAX_RANK) -> Parser:
    """Take one value, or a list of up to `highest`; returns the value or a tuple."""
    several = list_of(parser, 0, highest)
    return lambda value, argument: (several if isinstance(value, (list, tuple)) else parser)(value, argument)


# ---- Numbers, switches, words ---------------------------------------------------------------------------------


def whole(lowest: int, highest: int) -> Parser:
    """Take a whole number in this range."""

    def parse(value: object, argument: Argument) -> object:
        if not is_whole(value, lowest, highest):
            raise argument.refused(f"a whole number from {lowest} to {highest}", value)
        return value

    return parse


def is_whole(value: object, lowest: int, highest: int) -> bool:
    """Say whether a value is a whole number in this range; true and false are not."""
    return type(value) is int and lowest <= value <= highest


def number(lowest: float = -_MAX_MAGNITUDE, highest: float = _MAX_MAGNITUDE) -> Parser:
    """Take a finite number in this range."""

    def parse(value: object, argument: Argument) -> object:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not lowest <= value <= highest:  # type: ignore[operator]
            raise argument.refused(f"a number from {lowest:g} to {highest:g}", value)
        return value

    return parse


def flag(value: object, argument: Argument) -> object:
    """Take true or false."""
    if not isinstance(value, bool):
        raise argument.refused("true or false", value)
    return value


def one_of(*words: str) -> Parser:
    """Take one of these words."""

    def parse(value: object, argument: Argument) -> object:
        if not isinstance(value, str) or value not in words:
            raise argument.refused(" or ".join(f'"{word}"' for word in words), value)
        return value

    return parse


def text(value: object, argument: Argument) -> object:
    """Take a short text, such as the equation of a product."""
    if not isinstance(value, str) or len(value) > _MAX_TEXT_LENGTH:
        raise argument.refused(f"a text of at most {_MAX_TEXT_LENGTH} characters", value)
    return value


def nothing(value: object, argument: Argument) -> object:
    """Take null or false only: an extra that cannot be honoured."""
    if value is not None and value is not False:
        raise argument.refused("null, because this extra cannot be converted", value)
    return None


def ignored(_value: object, _argument: Argument) -> object:
    """Take anything and forget it: what does not change the answer of a trained layer."""
    return None


def numbers(value: object, argument: Argument) -> object:
    """Take a number, or numbers in lists in lists, or an array as Keras writes one; returns the numbers or lists."""
    listed = _numbers_of_array(value)
    count = _count_numbers(listed, MAX_RANK)
    if count is None or count > _MAX_NUMBERS:
        raise argument.refused(f"a number, or nested lists of at most {_MAX_NUMBERS} numbers", value)
    return listed


def _numbers_of_array(value: object) -> object:
    if isinstance(value, Mapping) and value.get("class_name") == "__numpy__":
        config = value.get("config")
        return config.get("value") if isinstance(config, Mapping) else None
    return value


def _count_numbers(value: object, depth: int) -> int | None:
    """How many finite numbers there are; None if there is anything else."""
    if isinstance(value, (list, tuple)) and depth > 0:
        counts = [_count_numbers(item, depth - 1) for item in value]
        return None if None in counts else sum(count for count in counts if count is not None)
    return 1 if isinstance(value, (int, float)) and abs(value) <= _MAX_MAGNITUDE else None


# ---- Shapes and axes ------------------------------------------------------------------------------------------

size = whole(1, MAX_UNITS)
share = number(0, 1)
axis = whole(-MAX_RANK, MAX_RANK)
axes = one_or_list_of(axis)
window = whole(1, MAX_WINDOW)
target_shape = one_or_list_of(whole(-1, MAX_UNITS))


def batch_shape(value: object, argument: Argument) -> object:
    """Take a list of sizes, batch axis first, null for unknown ones; returns a tuple of 1 to 8 sizes."""
    expected = f"a list of 1 to {MAX_RANK} sizes, each null or a whole number from 1 to {MAX_UNITS}"
    if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= MAX_RANK:
        raise argument.refused(expected, value)
    if not all(item is None or is_whole(item, 1, MAX_UNITS) for item in value):
        raise argument.refused(expected, value)
    return tuple(value)


def sides(rank: int, parser: Parser = window) -> Parser:
    """Take one number for all sides, or `rank` numbers; returns a tuple of `rank`."""

    def parse(value: object, argument: Argument) -> object:
        several = value if isinstance(value, (list, tuple)) else [value] * rank
        if len(several) != rank:
            raise argument.refused(f"one number, or {rank} of them", value)
        return tuple(parser(side, argument) for side in several)

    return parse


def margins(rank: int) -> Parser:
    """Take what to add or cut: one number, one for each side, or a pair for each side; returns them as tuples."""
    margin = whole(0, MAX_UNITS)
    pair_or_one = one_or_list_of(margin, 2)

    def parse(value: object, argument: Argument) -> object:
        if not isinstance(value, (list, tuple)):
            return margin(value, argument)
        if rank == 1 and len(value) == 2:
            return tuple(margin(item, argument) for item in value)
        if len(value) != rank:
            raise argument.refused(f"one number, or {rank} numbers or pairs of numbers", value)
        return tuple(pair_or_one(item, argument) for item in value)

    return parse


# ---- Types ----------------------------------------------------------------------------------------------------

_FLOATS = frozenset(["float16", "bfloat16", "float32", "float64", "mixed_float16", "mixed_bfloat16"])
_OTHERS = frozenset(["bool", *(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64))])


_QUANTIZED = ("Quantized", "float8", "int4", "int8", "_from_")


def dtype(value: object, argument: Argument) -> object:
    """Take the name of a number type, or what Keras writes for a dtype policy.

    Everything that computes with fractions becomes float32, the precision of TensorFlow.js; whole numbers and truth
    stay what they are; null stays null. Quantized policies are refused.
    """
    name = _policy_name(value)
    if name is None:
        return None
    known = name if isinstance(name, str) else ""
    if known in _FLOATS:
        return "float32"
    if known in _OTHERS:
        return known
    if any(part in known for part in _QUANTIZED):
        raise argument.unsupported("is quantized, which cannot be converted", "save the model before quantizing it")
    raise argument.refused("a type of numbers such as float32", name)


def _policy_name(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    config = value.get("config")
    if value.get("class_name") in ("DTypePolicy", "Policy", "FloatDTypePolicy") and isinstance(config, Mapping):
        return config.get("name")
    if value.get("class_name") == "DTypePolicyMap" and isinstance(config, Mapping):
        policies = config.get("policy_map") or {}
        inner = list(policies.values()) if isinstance(policies, Mapping) else [policies]
        names = [_policy_name(policy) for policy in [config.get("default_policy"), *inner]]
        return next((name for name in names if not isinstance(name, str) or name not in _FLOATS), names[0])
    return str(value.get("class_name"))


# ---- Activations and layers in layers -------------------------------------------------------------------------

ACTIVATIONS = frozenset(
    [
        "celu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_swish",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
    ]
)
"""The functions of keras.activations that need nothing but their input."""

OLDER_ACTIVATIONS = frozenset(["keras2_hard_sigmoid"])
"""Functions of Keras 2 that Keras 3 has under no name; a file does not name them, `keras2` does."""

ACTIVATION_LAYERS = frozenset(["Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU"])


def activation(value: object, argument: Argument) -> object:
    """Take the name of an activation, or one of the layers that are activations; null stays null."""
    if isinstance(value, Mapping) and value.get("class_name") in ACTIVATION_LAYERS:
        return argument.read_layer(value)
    name = _function_name(value)
    if name is None or (isinstance(name, str) and name in ACTIVATIONS | OLDER_ACTIVATIONS):
        return name
    shown = value.get("class_name") if isinstance(value, Mapping) and name is value else name
    raise argument.unsupported(
        f"has the activation {quoted(shown)}, which cannot be converted", "use a function of keras.activations"
    )


def _function_name(value: object) -> object:
    """The name of a function as Keras 3 writes those of its own; anything else as it is."""
    if isinstance(value, Mapping) and value.get("class_name") == "function":
        is_own = value.get("module") in ("keras.activations", "builtins", None)
        return value.get("config") if is_own else value
    return value


def layer(value: object, argument: Argument) -> object:
    """Take a layer or model."""
    return argument.read_layer(value)


layers = list_of(layer, 1, 64)
