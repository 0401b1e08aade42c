"""Models about functions of keras.ops and Python's own operators, in the middle of a functional model."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from keras import Input, Model, layers, ops

from tests.converter.models.case import Case, about, as_graphs, as_layers

_CONSTANTS = np.array([0.5, -2.0, 3.0, 1.0], "float32")

Function = Callable[[Any], Any]


_ROUGH_ON_GRAPHICS = ("cos", "sin", "tan")
"""Graphics cards promise three digits of these."""


def _of_one(name: str, option: str, function: Function, shape: tuple[int | None, ...] = (5, 4)) -> Case:
    def build() -> Any:
        x = Input(shape, name="x")
        return Model(x, function(x))

    return about(f"ops.{name}", option, build, graphics="rough" if name in _ROUGH_ON_GRAPHICS else "")


def _of_two(name: str, option: str, function: Callable[[Any, Any], Any], second: Any = (5, 4)) -> Case:
    def build() -> Any:
        x, y = Input((5, 4), name="x"), Input(second, name="y")
        return Model([x, y], function(x, y))

    return about(f"ops.{name}", option, build)


ARITHMETIC = {
    **as_layers(
        _of_two("add", "x + y", lambda x, y: x + y),
        _of_two("subtract", "x - y", lambda x, y: x - y),
        _of_two("multiply", "x * y", lambda x, y: x * y),
        _of_two("maximum", "", ops.maximum),
        _of_two("minimum", "", ops.minimum),
        _of_two("add", "x + y, y spread", lambda x, y: x + y, second=(1, 4)),
        _of_one("add", "x + c", lambda x: x + 1.5),
        _of_one("add", "c + x", lambda x: 2 + x),
        _of_one("add", "x + array", lambda x: x + _CONSTANTS),
        _of_one("subtract", "x - c", lambda x: x - 1.5),
        _of_one("subtract", "1 - x", lambda x: 1 - x),
        _of_one("subtract", "array - x", lambda x: ops.subtract(_CONSTANTS, x)),
        _of_one("multiply", "x * c", lambda x: x * 2),
        _of_one("multiply", "x * array", lambda x: ops.multiply(x, _CONSTANTS)),
        _of_one("divide", "x / c", lambda x: x / 3),
        _of_one("divide", "x / array", lambda x: x / _CONSTANTS),
        _of_two("multiply", "x * y, ranks differ", lambda x, y: x * ops.squeeze(y, -1), second=(5, 4, 1)),
        _of_one("negative", "-x", lambda x: -x),
        _of_one("square", "", ops.square),
        _of_one("multiply", "x * x", lambda x: x * x),
    ),
    **as_graphs(
        _of_two("divide", "x / y", lambda x, y: x / (1.0 + ops.square(y))),
        _of_one("divide", "c / x", lambda x: 3 / (1.0 + ops.square(x))),
        _of_one("power", "x ** 2", lambda x: x**2),
        _of_one("add", "x + array larger than x", lambda x: x + np.arange(20, dtype="float32").reshape(5, 4), (1, 4)),
        _of_one("mod", "x % c", lambda x: x % 3.0),
        _of_one("floor_divide", "x // c", lambda x: x // 2.0),
        _of_two("greater", "x > y", lambda x, y: ops.cast(x > y, "float32")),
        _of_two("matmul", "x @ y", lambda x, y: x @ y, second=(4, 3)),
    ),
}

_LIKE_LAYERS = (
    *("celu", "elu", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "log_sigmoid", "log_softmax", "mish"),
    *("relu", "relu6", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "sparse_sigmoid", "tanh"),
    *("tanh_shrink", "hard_shrink", "soft_shrink"),
)

FUNCTIONS = {
    **as_layers(*(_of_one(name, "", getattr(ops, name)) for name in _LIKE_LAYERS if hasattr(ops, name))),
    **as_layers(
        _of_one("gelu", "", ops.gelu),
        _of_one("gelu", "approximate=False", lambda x: ops.gelu(x, approximate=False)),
    ),
    **as_graphs(_of_one("softmax", "axis=None", lambda x: ops.softmax(x, axis=None))),
}

SHAPES = {
    **as_layers(
        _of_one("reshape", "", lambda x: ops.reshape(x, (-1, 2, 10))),
        _of_one("transpose", "", lambda x: ops.transpose(x, (0, 2, 1))),
        _of_one("expand_dims", "", lambda x: ops.expand_dims(x, 2)),
        _of_one("squeeze", "", lambda x: ops.squeeze(x, 2), (5, 1)),
        _of_two("concatenate", "", lambda x, y: ops.concatenate([x, y], axis=1)),
        _of_two("concatenate", "axis=-1", lambda x, y: ops.concatenate([x, y], axis=-1)),
    ),
    **as_graphs(
        _of_one("cast", "to int32", lambda x: ops.cast(x, "int32")),
        _of_one("flip", "", lambda x: ops.flip(x, axis=1)),
        _of_one("roll", "", lambda x: ops.roll(x, 2, axis=1)),
        _of_one("repeat", "", lambda x: ops.repeat(x, 2, axis=1)),
        _of_one("tile", "", lambda x: ops.tile(x, (1, 2, 1))),
        _of_one("pad", "", lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 0)))),
        _of_one("get_item", "x[:, 0]", lambda x: x[:, 0]),
        _of_one("get_item", "x[:, ::2, 1:]", lambda x: x[:, ::2, 1:]),
        _of_one("get_item", "x[..., -1]", lambda x: x[..., -1]),
        _of_one("take", "", lambda x: ops.take(x, [3, 0], axis=2)),
        _of_one("split", "", lambda x: ops.split(x, 2, axis=2)),
        _of_two("stack", "", lambda x, y: ops.stack([x, y], axis=1)),
        _of_one("swapaxes", "", lambda x: ops.swapaxes(x, 1, 2)),
        _of_one("moveaxis", "", lambda x: ops.moveaxis(x, 1, 2)),
        _of_one("triu", "", ops.triu),
        _of_one("tril", "", ops.tril),
        _of_one("diagonal", "", lambda x: ops.diagonal(x, axis1=1, axis2=2)),
    ),
}
_REDUCTIONS = ("all", "amax", "amin", "any", "argmax", "argmin", "max", "mean", "min", "prod", "std", "sum", "var")
_POSITIVE = ("log", "log10", "log1p", "log2", "rsqrt", "sqrt")
_ELEMENTWISE = (
    *("abs", "arctan", "arcsinh", "ceil", "cos", "cosh", "erf", "exp", "expm1", "floor", "logical_not"),
    *("round", "sign", "sin", "sinh", "tan", "trunc"),
)


def _reductions() -> Iterator[Case]:
    for name in _REDUCTIONS:
        yield _of_one(name, "", lambda x, name=name: ops.cast(getattr(ops, name)(ops.tanh(x), axis=1), "float32"))
    yield _of_one("mean", "keepdims=True", lambda x: ops.mean(x, axis=(1, 2), keepdims=True))
    yield _of_one("logsumexp", "", lambda x: ops.logsumexp(x, axis=-1))
    yield _of_one("norm", "", lambda x: ops.norm(x, axis=-1))
    yield _of_one("cumsum", "", lambda x: ops.cumsum(x, axis=1))
    yield _of_one("cumprod", "", lambda x: ops.cumprod(ops.tanh(x), axis=1))
    yield _of_one("top_k", "", lambda x: ops.top_k(x, 2)[0])
    yield _of_one("sort", "", lambda x: ops.sort(x, axis=-1))
    yield _of_one("argsort", "", lambda x: ops.argsort(x, axis=-1))


def _elementwise() -> Iterator[Case]:
    for name in _ELEMENTWISE:
        yield _of_one(name, "", lambda x, name=name: ops.cast(getattr(ops, name)(ops.tanh(x)), "float32"))
    for name in _POSITIVE:
        yield _of_one(name, "", lambda x, name=name: getattr(ops, name)(0.5 + ops.sigmoid(x)))
    yield _of_one("clip", "", lambda x: ops.clip(x, -1.0, 1.5))
    yield _of_one("where", "", lambda x: ops.where(x > 0, x, 0.1 * x))
    yield _of_one("one_hot", "", lambda x: ops.one_hot(ops.argmax(x, axis=-1), 4))
    yield _of_one("normalize", "", ops.normalize)
    yield _of_one("arctan2", "", lambda x: ops.arctan2(x, 1.0 + ops.abs(x)))
    yield _of_one("logical_and", "", lambda x: ops.cast(ops.logical_and(x > 0, x < 2), "float32"))
    yield _of_two("logaddexp", "", ops.logaddexp)
    yield _of_two("einsum", "", lambda x, y: ops.einsum("bij,bkj->bik", x, y))


OTHERS = as_graphs(*_reductions(), *_elementwise())


def _residual() -> Any:
    x = Input((4,), name="x")
    hidden = layers.Dense(4, activation="relu")(x)
    return Model(x, layers.Dense(2)(ops.relu(x + 0.5 * hidden) / 2 - 1))


def _same_operator_twice() -> Any:
    """Operators have no names that students choose; two of a kind must not be mixed up."""
    x = Input((4,), name="x")
    return Model(x, [x + 1, x + 2, (x + 1) * (x + 2)])


def _integer_arithmetic() -> Any:
    x = Input((4,), dtype="int32", name="x")
    return Model(x, ops.cast(x // 2 + x * 3, "float32"))


TOGETHER = {
    **as_layers(
        {
            "residual made of operators": Case(_residual),
            "one operator several times": Case(_same_operator_twice),
        }
    ),
    **as_graphs({"arithmetic of whole numbers": Case(_integer_arithmetic)}),
}

OPERATIONS = {**ARITHMETIC, **FUNCTIONS, **SHAPES, **OTHERS, **TOGETHER}
