"""MobileNetV2, layer by layer, without Keras: what a network that starts from it is made of, and what is frozen of it.

The layers are those of `keras.applications.MobileNetV2(include_top=False, pooling="avg")`, in its order and by its
names; a test holds them to it.
"""

from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Literal, TypeAlias

from server.domain.spec import BaseSpec

Shape: TypeAlias = tuple[int, ...]
BaseLayerKind = Literal[
    "conv2d", "depthwise_conv2d", "batch_normalization", "relu", "zero_padding2d", "add", "global_average_pooling2d"
]

EMBEDDING = 1_280
"""Numbers that MobileNetV2 says about a picture, for the widths that are offered (they are 1 at most)."""

WIDTHS: tuple[Literal[35, 50, 100], ...] = (35, 50, 100)
SIZES: tuple[Literal[96, 128, 160], ...] = (96, 128, 160)
"""Keras has weights for all of these together; widths are in percent."""

_EXPANSION = 6
_BLOCKS = (
    (16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1), (64, 1), (96, 1), (96, 1), (96, 1),
    (160, 2), (160, 1), (160, 1), (320, 1),
)  # fmt: skip
"""Filters at width 1, and strides, of each inverted residual block."""


@dataclass(frozen=True)
class BaseLayer:
    """One layer of the base. Shapes leave out the samples; `weights` are those of its arrays in Keras' order.

    `block` is the part it belongs to; a part hands one picture of numbers on to the next, so it can be cut there.
    """

    name: str
    kind: BaseLayerKind
    block: str
    inputs: Shape
    outputs: Shape
    weights: tuple[Shape, ...] = ()
    multiplications: int = 0

    @property
    def has_kernel(self) -> bool:
        """Whether there is something to train; normalizations stay as they are, as Keras recommends."""
        return self.kind in ("conv2d", "depthwise_conv2d")

    @property
    def weights_count(self) -> int:
        """All its numbers."""
        return sum(prod(shape) for shape in self.weights)


@dataclass(frozen=True)
class BaseTail:
    """The end of a base, from the part on in which the first unfrozen layer lies.

    What comes before is the same for every picture as long as a run lasts, so it is worked out once.
    """

    base: BaseSpec
    layers: tuple[BaseLayer, ...]
    trained: frozenset[str]
    """Names of the layers whose kernels are trained."""

    @property
    def inputs(self) -> Shape:
        """Shape of what comes in for one picture."""
        return self.layers[0].inputs

    @property
    def weights_count(self) -> int:
        """All its numbers."""
        return sum(layer.weights_count for layer in self.layers)

    @property
    def trainable_count(self) -> int:
        """Those that the optimizer moves."""
        return sum(layer.weights_count for layer in self.layers if layer.name in self.trained)

    @property
    def multiplications(self) -> int:
        """Of one picture, forwards."""
        return sum(layer.multiplications for layer in self.layers)


def alpha_of(base: BaseSpec) -> float:
    """Keras' word for the width: the share of the filters that are left."""
    return base.width / 100


def base_layers(base: BaseSpec) -> tuple[BaseLayer, ...]:
    """All layers of the base, the input left out, for pictures [size, size, 3]."""
    return _layers(alpha_of(base), base.size)


def base_tail(base: BaseSpec) -> BaseTail | None:
    """What of the base is trained on, with the frozen layers of the part in which it begins; None: nothing is."""
    layers = base_layers(base)
    unfrozen = layers[max(len(layers) - base.unfrozen, 0) :] if base.unfrozen else ()
    trained = frozenset(layer.name for layer in unfrozen if layer.has_kernel)
    if not trained:
        return None
    first = next(layer.block for layer in unfrozen if layer.has_kernel)
    start = next(index for index, layer in enumerate(layers) if layer.block == first)
    return BaseTail(base, layers[start:], trained)


def embedding_shape(base: BaseSpec) -> Shape:
    """Shape of what is kept of a picture: what the first trained part takes, or what the whole base says."""
    tail = base_tail(base)
    return tail.inputs if tail else (EMBEDDING,)


def base_weights_count(base: BaseSpec) -> int:
    """All numbers of the base."""
    return sum(layer.weights_count for layer in base_layers(base))


def base_file_name(base: BaseSpec) -> str:
    """What Keras calls the file of the weights without the last layer."""
    return f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha_of(base)}_{base.size}_no_top.h5"


class _Builder:
    """Lays one layer after the other."""

    def __init__(self, side: int) -> None:
        self.shape: Shape = (side, side, 3)
        self.block = ""
        self.layers: list[BaseLayer] = []

    def add(
        self,
        name: str,
        kind: BaseLayerKind,
        outputs: Shape | None = None,
        weights: tuple[Shape, ...] = (),
        multiplications: int = 0,
    ) -> None:
        outputs = self.shape if outputs is None else outputs
        self.layers.append(BaseLayer(name, kind, self.block, self.shape, outputs, weights, multiplications))
        self.shape = outputs

    def convolution(self, name: str, filters: int, kernel: int = 1, strides: int = 1) -> None:
        side, channels = self.shape[0] // strides, self.shape[2]
        weights = (kernel, kernel, channels, filters)
        self.add(name, "conv2d", (side, side, filters), (weights,), side * side * prod(weights))

    def normalization(self, name: str) -> None:
        self.add(name, "batch_normalization", weights=((self.shape[-1],),) * 4, multiplications=prod(self.shape))

    def depthwise(self, name: str, side: int) -> None:
        channels = self.shape[2]
        weights = (3, 3, channels, 1)
        self.add(name, "depthwise_conv2d", (side, side, channels), (weights,), side * side * prod(weights))


@cache
def _layers(alpha: float, size: int) -> tuple[BaseLayer, ...]:
    builder = _Builder(size)
    builder.block = "Conv1"
    builder.convolution("Conv1", _divisible(32 * alpha), 3, strides=2)
    builder.normalization("bn_Conv1")
    builder.add("Conv1_relu", "relu")
    for index, (filters, strides) in enumerate(_BLOCKS):
        _add_block(builder, index, _divisible(int(filters * alpha)), strides)
    builder.block = "Conv_1"
    builder.convolution("Conv_1", EMBEDDING)
    builder.normalization("Conv_1_bn")
    builder.add("out_relu", "relu")
    builder.add("global_average_pooling2d", "global_average_pooling2d", (EMBEDDING,), (), prod(builder.shape))
    return tuple(builder.layers)


def _add_block(builder: _Builder, index: int, filters: int, strides: int) -> None:
    """An inverted residual block: wider, a look around in each channel, narrower, and beside it what came in."""
    side, _, channels = builder.shape
    prefix = f"block_{index}_" if index else "expanded_conv_"
    builder.block = f"block_{index}"
    if index:
        builder.convolution(f"{prefix}expand", _EXPANSION * channels)
        builder.normalization(f"{prefix}expand_BN")
        builder.add(f"{prefix}expand_relu", "relu")
    if strides == 2:  # noqa: PLR2004
        builder.add(f"{prefix}pad", "zero_padding2d", (side + 1, side + 1, builder.shape[2]))
    builder.depthwise(f"{prefix}depthwise", side // strides)
    builder.normalization(f"{prefix}depthwise_BN")
    builder.add(f"{prefix}depthwise_relu", "relu")
    builder.convolution(f"{prefix}project", filters)
    builder.normalization(f"{prefix}project_BN")
    if strides == 1 and channels == filters:
        builder.add(f"{prefix}add", "add")


def _divisible(filters: float) -> int:
    """The nearest multiple of 8 that is not more than a tenth below."""
    nearest = max(8, int(filters + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * filters else nearest
