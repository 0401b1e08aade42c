"""What each layer of a network makes of its input: shapes, weights and work, worked out before anything is built."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, prod

from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DenseSpec,
    DropoutSpec,
    FlattenSpec,
    GlobalAveragePooling2DSpec,
    LayerSpec,
    MaxPooling2DSpec,
    Padding,
)
from server.domain.mobilenet import EMBEDDING, base_weights_count
from server.domain.spec import RunSpec, input_shape, outputs_of

Shape = tuple[int, ...]


@dataclass(frozen=True)
class LayerPlan:
    """One layer in place. Shapes leave out the samples; `multiplications` are those of one sample, forwards.

    `weights` are the shapes of its arrays in Keras' order: kernel and bias, or gamma, beta, moving mean and variance.
    """

    name: str
    layer: LayerSpec
    inputs: Shape
    outputs: Shape
    weights: tuple[Shape, ...] = ()
    trainable: int = 0
    multiplications: int = 0


class ImpossibleShape(Exception):
    """A layer cannot follow the one before it. `index` is its place; the output layer has the one after the last."""

    def __init__(self, index: int, expected: str, received: Shape) -> None:
        super().__init__(expected)
        self.index = index
        self.expected = expected
        self.received = received


def plan_network(spec: RunSpec) -> tuple[LayerPlan, ...]:
    """Every layer of a spec in place, the output layer last, without those of a base. Raises ImpossibleShape."""
    return plan_layers(spec.layers, head_shape(spec), outputs_of(spec.dataset))


def head_shape(spec: RunSpec) -> Shape:
    """Shape of what the first layer of a spec takes: a sample, or what a base says about it."""
    return input_shape(spec) if spec.base is None else (EMBEDDING,)


def plan_layers(layers: Sequence[LayerSpec], sample: Shape, outputs: int) -> tuple[LayerPlan, ...]:
    """Hidden layers and an output layer of so many units, for samples of that shape. Raises ImpossibleShape."""
    plans: list[LayerPlan] = []
    shape = sample
    for index, layer in enumerate(layers):
        plans.append(_plan(index, f"hidden_{index + 1}", layer, shape))
        shape = plans[-1].outputs
    # The activation of the output layer follows from the loss and changes neither shape nor weights.
    plans.append(_plan(len(layers), "output", DenseSpec(units=1).model_copy(update={"units": outputs}), shape))
    return tuple(plans)


def weights_count(spec: RunSpec) -> int:
    """All numbers of a network that its files hold, the moving averages of normalizations included."""
    return count_weights(plan_network(spec)) + (base_weights_count(spec.base) if spec.base else 0)


def count_weights(plans: Sequence[LayerPlan]) -> int:
    """All numbers of these layers."""
    return sum(prod(shape) for plan in plans for shape in plan.weights)


def _plan(index: int, name: str, layer: LayerSpec, shape: Shape) -> LayerPlan:
    if isinstance(layer, DenseSpec):
        return _plan_dense(index, name, layer, shape)
    if isinstance(layer, BatchNormalizationSpec):
        return LayerPlan(name, layer, shape, shape, ((shape[-1],),) * 4, 2 * shape[-1], prod(shape))
    if isinstance(layer, FlattenSpec):
        return LayerPlan(name, layer, shape, (prod(shape),))
    if isinstance(layer, DropoutSpec):
        return LayerPlan(name, layer, shape, shape, multiplications=prod(shape))
    if isinstance(layer, Conv2DSpec):
        return _plan_convolution(index, name, layer, shape)
    return _plan_pooling(index, name, layer, shape)


def _plan_dense(index: int, name: str, layer: DenseSpec, shape: Shape) -> LayerPlan:
    if len(shape) != 1:
        raise ImpossibleShape(index, "one row of numbers (put a flatten layer before it)", shape)
    kernel = (shape[0], layer.units)
    weights = (kernel, (layer.units,))
    return LayerPlan(name, layer, shape, (layer.units,), weights, prod(kernel) + layer.units, prod(kernel))


def _plan_convolution(index: int, name: str, layer: Conv2DSpec, shape: Shape) -> LayerPlan:
    picture = _picture(index, shape)
    rows, columns = _places(index, picture, layer.kernel_size, layer.strides, layer.padding)
    kernel = (layer.kernel_size, layer.kernel_size, picture[2], layer.filters)
    weights = (kernel, (layer.filters,))
    work = rows * columns * prod(kernel)
    return LayerPlan(name, layer, shape, (rows, columns, layer.filters), weights, prod(kernel) + layer.filters, work)


def _plan_pooling(
    index: int, name: str, layer: MaxPooling2DSpec | AveragePooling2DSpec | GlobalAveragePooling2DSpec, shape: Shape
) -> LayerPlan:
    picture = _picture(index, shape)
    outputs: Shape = (picture[2],)
    if not isinstance(layer, GlobalAveragePooling2DSpec):
        outputs = (*_places(index, picture, layer.pool_size, layer.pool_size, layer.padding), picture[2])
    return LayerPlan(name, layer, shape, outputs, multiplications=prod(shape))


def _picture(index: int, shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ImpossibleShape(index, "a picture (height, width, channels)", shape)
    return shape[0], shape[1], shape[2]


def _places(index: int, picture: tuple[int, int, int], window: int, strides: int, padding: Padding) -> tuple[int, int]:
    """Rows and columns of the places of a square window, as TensorFlow counts them."""
    height, width, _ = picture
    if padding == "same":
        return ceil(height / strides), ceil(width / strides)
    if min(height, width) < window:
        raise ImpossibleShape(index, f"at least {window} by {window} pixels", picture)
    return (height - window) // strides + 1, (width - window) // strides + 1
