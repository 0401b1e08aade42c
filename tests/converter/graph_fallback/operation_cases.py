"""Functions of keras.ops, called between layers, in the forms in which TensorFlow.js lacks them or gets them wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from tests.converter.graph_fallback.cases import Table, functional, of_two

_POSITIVE = ("log", "log10", "sqrt", "rsqrt", "log1p", "arccosh")
_PLAIN = [
    "abs",
    "arcsinh",
    "arctan",
    "ceil",
    "erf",
    "exp",
    "expm1",
    "floor",
    "isfinite",
    "negative",
    "reciprocal",
    "round",
    "sign",
    "signbit",
    "sin",
    "sinh",
    "square",
    "tan",
    "trunc",
    "sinc",
    "angle",
    "nan_to_num",
    "conj",
    "ravel",
    "normalize",
    "tril",
    "triu",
]
_ALONG_AN_AXIS = [
    "cumsum",
    "cumprod",
    "flip",
    "max",
    "min",
    "mean",
    "sum",
    "prod",
    "std",
    "var",
    "argmax",
    "argmin",
    "sort",
    "argsort",
    "logsumexp",
    "median",
    "count_nonzero",
]
_OF_TWO = [
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "mod",
    "maximum",
    "minimum",
    "arctan2",
    "equal",
    "greater_equal",
    "hypot",
    "logaddexp",
]


def _function(name: str) -> Callable[..., Any]:
    return getattr(ops, name)


def _plain(body: Callable[[Any], Any], shape: tuple[int | None, ...] = (4, 5), **options: Any) -> Callable[[], Any]:
    return functional(shape, body, **options)


def _rolled(given: Any) -> Any:
    return ops.roll(given, (1, -2), axis=(1, 2))


ELEMENTWISE: Table = {
    "of one": _plain(lambda x: {name: _function(name)(x) for name in _PLAIN}),
    "of positive numbers": _plain(lambda x: {name: _function(name)(ops.abs(x) + 1.1) for name in _POSITIVE}),
    "along the last axis": _plain(lambda x: {name: _function(name)(x, axis=-1) for name in _ALONG_AN_AXIS}),
    "along an inner axis": _plain(lambda x: {name: _function(name)(x, axis=1) for name in _ALONG_AN_AXIS}),
    "of two": of_two((3, 4), (3, 4), lambda x, y: {name: _function(name)(x, y) for name in _OF_TWO}),
    "logical_xor": of_two((4,), (4,), lambda x, y: ops.logical_xor(x > 0, y > 0)),
    "of whole numbers": _plain(lambda x: [ops.floor_divide(x - 2, x + 1), ops.mod(x - 2, x + 1)], (4,), dtype="int32"),
    "clip": _plain(lambda x: ops.clip(x, -0.5, 0.7)),
    "where": _plain(lambda x: ops.where(x > 0, x, -1.0)),
}

STRUCTURE: Table = {
    "roll": _plain(_rolled),
    "roll of any size": _plain(lambda x: ops.roll(x, 2, axis=1), (None, 3)),
    "band of any size": _plain(lambda x: ops.triu(x, 1), (None, 5)),
    "one_hot": _plain(lambda x: ops.one_hot(x, 5), (3,), dtype="int32"),
    "one_hot on another axis": _plain(lambda x: ops.one_hot(x, 5, axis=1), (3,), dtype="int32"),
    "take": _plain(lambda x: ops.take(x, [2, 0, -1], axis=1)),
    "take_along_axis": _plain(lambda x: ops.take_along_axis(x, ops.argsort(x, axis=1), axis=1)),
    "top_k": _plain(lambda x: ops.top_k(x, 3)),
    "in_top_k": _plain(lambda x: ops.in_top_k(ops.argmax(x[:, 0], axis=-1), x[:, 1], 2)),
    "diagonal": _plain(lambda x: ops.diagonal(x, axis1=1, axis2=2)),
    "trace": _plain(lambda x: ops.trace(x, axis1=1, axis2=2)),
    "searchsorted": _plain(lambda x: ops.searchsorted(ops.convert_to_tensor([-1.0, 0.0, 1.0]), ops.reshape(x, (-1,)))),
    "digitize": _plain(lambda x: ops.digitize(x, np.array([-1.0, 0.0, 1.0]))),
    "bincount": _plain(lambda x: ops.bincount(x, minlength=6), (5,), dtype="int32"),
    "segment_sum": _plain(lambda x: ops.segment_sum(ops.transpose(x), np.array([0, 0, 1, 2]), num_segments=3), (4,)),
    "segment_max": _plain(lambda x: ops.segment_max(ops.transpose(x), np.array([0, 0, 1, 2]), num_segments=3), (4,)),
    "scatter_update": _plain(lambda x: ops.scatter_update(x[0], [[0, 1], [2, 3]], np.ones(2, "float32"))),
    "slice_update": _plain(lambda x: ops.slice_update(x[0], [0, 1], np.ones((2, 2), "float32"))),
    "cross": of_two((4, 3), (4, 3), ops.cross),
    "slices": _plain(lambda x: [x[:, ::-1, -2:], x[..., -1], x[:, None, ..., 1:, None], x[:, -1]]),
    "padding by reflection": _plain(lambda x: ops.pad(x, [[0, 0], [1, 1], [2, 1]], mode="reflect")),
    "patches": _plain(lambda x: ops.image.extract_patches(x, (3, 2), strides=(1, 2), padding="same"), (5, 6, 3)),
    "meshgrid": _plain(lambda x: ops.meshgrid(x[0, 0], x[0, 1])),
    "quantile": _plain(lambda x: ops.quantile(x, 0.3, axis=-1)),
}

CONTRACTIONS: Table = {
    equation: _plain(lambda x, equation=equation, factors=factors: ops.einsum(equation, x, *factors(x)), shape)
    for equation, shape, factors in [
        ("bij->bji", (4, 5), lambda _: []),
        ("bij->b", (4, 5), lambda _: []),
        ("bii->bi", (4, 4), lambda _: []),
        ("bij,bkj->bik", (4, 5), lambda x: [x]),
        ("...ij,...kj->...ik", (2, 4, 5), lambda x: [x]),
        ("bij,ij->bi", (4, 5), lambda _: [np.full((4, 5), 2.0, "float32")]),
        ("bij,jk,kl->bil", (4, 5), lambda _: [np.ones((5, 2), "float32"), np.ones((2, 3), "float32")]),
        ("bi,bj->bij", (4,), lambda x: [x]),
    ]
}

SPECTRA: Table = {
    "rfft": _plain(ops.rfft, (4, 8)),
    "rfft, cut": _plain(lambda x: ops.rfft(x, fft_length=6), (4, 8)),
    "rfft, padded": _plain(lambda x: ops.rfft(x, fft_length=12), (4, 8)),
    "irfft, odd": _plain(lambda x: ops.irfft(ops.rfft(x, fft_length=7), fft_length=7), (4, 8)),
    "fft": _plain(lambda x: ops.fft((x, x * 2)), (4, 8)),
    "ifft2": _plain(lambda x: ops.ifft2((x, x * 2)), (4, 8)),
    "istft": _plain(lambda x: ops.istft(ops.stft(x, 16, 8, 16), 16, 8, 16), (64,)),
}

LOOPS: Table = {
    "fori_loop": _plain(lambda x: ops.fori_loop(0, 4, lambda i, a: a * 1.1 + ops.cast(i, "float32"), x)),
    "scan": _plain(lambda x: ops.scan(lambda carry, a: (carry + a, carry * a), ops.zeros((5,)), x[0])[1]),
    "map": _plain(lambda x: ops.map(lambda a: ops.tanh(a), x[0])),
    "vectorized_map": _plain(lambda x: ops.vectorized_map(lambda a: ops.sum(a) * 2.0, x)),
    "associative_scan": _plain(lambda x: ops.associative_scan(lambda a, b: a + b, x, axis=1)),
    "switch": _plain(lambda x: ops.switch(ops.cast(ops.sum(x) > 0, "int32"), [lambda a: a * 2, lambda a: a - 1], x)),
    "while_loop that the data ends": _plain(
        lambda x: ops.while_loop(lambda a: ops.sum(ops.abs(a)) < 100, lambda a: (a * 2.0,), (x,))[0]
    ),
    "nonzero": _plain(lambda x: ops.nonzero(x)[0]),
}

NUMBERS: Table = {
    "cast to whole numbers": _plain(lambda x: ops.cast(x * 3, "int64")),
    "cast to truth": _plain(lambda x: ops.cast(x, "bool")),
    "bool inputs": _plain(lambda x: ops.where(x, 1.0, 2.0), dtype="bool"),
    "int64 inputs": _plain(lambda x: x * 2, dtype="int64"),
    "uint8 inputs": _plain(lambda x: ops.cast(x, "float32") / 255.0, dtype="uint8"),
    "float64 inputs": _plain(lambda x: x * 2, dtype="float64"),
}
