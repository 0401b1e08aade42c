"""The layers of a network in NumPy: how each one answers, and what it hands back to the layers beneath.

Made for small networks, where calling NumPy costs more than the arithmetic. So all arrays are made once, for a fixed
number of rows, and every call writes into one of them. Rows of numbers lie unit by unit, [units, rows], with a row of
ones beneath them: kernel and bias, neighbours in a run's state, are then one matrix, and one product serves both.

The gradients are those of backpropagation (Rumelhart, Hinton and Williams, "Learning representations by
back-propagating errors", 1986); what a layer computes is defined by Keras' documentation of the layer of that name.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DropoutSpec,
    MaxPooling2DSpec,
    Padding,
)
from server.domain.shapes import LayerPlan, Shape
from server.training.seeding import mask_stream

Floats: TypeAlias = npt.NDArray[np.float32]

_EPSILON = np.array(1e-3, np.float32)
"""What Keras' BatchNormalization adds to a variance."""

# Arrays without dimensions: NumPy takes them in half the time of a number of Python.
_ZERO = np.array(0, np.float32)
_ONE = np.array(1, np.float32)


@dataclass(frozen=True)
class Signal:
    """What flows between two layers, and its gradient on the way back. All float32 and contiguous.

    Rows of numbers: values [units, rows] are all but the last row of `with_ones` [units + 1, rows]. Pictures: values
    [rows, height, width, channels], which `with_ones` repeats. The gradient has the shape of the values; it is wanted
    when a layer beneath can learn from it.
    """

    values: Floats
    gradient: Floats
    with_ones: Floats
    is_wanted: bool


def make_signal(shape: Shape, rows: int, *, is_wanted: bool) -> Signal:
    """A signal for so many samples of a shape."""
    if len(shape) == 1:
        with_ones = np.ones((shape[0] + 1, rows), np.float32)
        return Signal(with_ones[:-1], np.zeros((shape[0], rows), np.float32), with_ones, is_wanted)
    # Memory that is never written, as the gradients of a network that is only measured, is never taken either.
    values, gradient = np.zeros((rows, *shape), np.float32), np.zeros((rows, *shape), np.float32)
    return Signal(values, gradient, values, is_wanted)


@dataclass(frozen=True)
class Place:
    """A layer's place in a network: its parts of the vectors that all layers share, float32 views.

    weights and gradient [trainable]: kernel and bias, or gamma and beta; averages [2 * channels]: moving mean and
    variance, or nothing.
    """

    index: int
    plan: LayerPlan
    activation: str
    seed: int
    weights: Floats
    gradient: Floats
    averages: Floats


class Activation:
    """Linear: passes values and gradients on as they are. The others change both arrays in place."""

    def __init__(self, values: Floats, gradient: Floats) -> None:
        self._values = values
        self._gradient = gradient
        self._scratch = np.zeros_like(values)

    def forward(self) -> None:
        """From what comes in to what goes out."""

    def backward(self) -> None:
        """From the gradient of what went out to that of what came in."""


class Relu(Activation):
    """max(x, 0); its slope at 0 is 0."""

    def forward(self) -> None:
        np.maximum(self._values, _ZERO, self._values)

    def backward(self) -> None:
        np.sign(self._values, self._scratch)
        np.multiply(self._gradient, self._scratch, self._gradient)


class Tanh(Activation):
    """The hyperbolic tangent y, whose slope is 1 - y^2."""

    def forward(self) -> None:
        np.tanh(self._values, self._values)

    def backward(self) -> None:
        np.multiply(self._values, self._values, self._scratch)
        np.multiply(self._scratch, self._gradient, self._scratch)
        np.subtract(self._gradient, self._scratch, self._gradient)


class Sigmoid(Activation):
    """y = 1 / (1 + exp(-x)), whose slope is y (1 - y)."""

    def forward(self) -> None:
        values = self._values
        np.negative(values, values)
        np.exp(values, values)
        np.add(values, _ONE, values)
        np.reciprocal(values, values)

    def backward(self) -> None:
        np.multiply(self._gradient, self._values, self._gradient)
        np.multiply(self._gradient, self._values, self._scratch)
        np.subtract(self._gradient, self._scratch, self._gradient)


ACTIVATIONS: dict[str, type[Activation]] = {"linear": Activation, "relu": Relu, "tanh": Tanh, "sigmoid": Sigmoid}


class Layer(ABC):
    """Reads its source and writes its output, for a fixed number of rows; backwards the other way round."""

    def __init__(self, place: Place, source: Signal) -> None:
        self._source = source
        rows = source.values.shape[-1 if source.values.ndim == 2 else 0]
        is_wanted = source.is_wanted or place.plan.trainable > 0
        self.output = make_signal(place.plan.outputs, rows, is_wanted=is_wanted)

    @abstractmethod
    def forward(self, step: int) -> None:
        """The output while training; `step` updates came before this one."""

    def infer(self) -> None:
        """The output while testing."""
        self.forward(0)

    @abstractmethod
    def backward(self) -> None:
        """From the gradient of the output to those of the weights and, where it is wanted, of the source."""


class Dense(Layer):
    """activation(x kernel + bias)."""

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        shape = source.with_ones.shape[0], self.output.values.shape[0]
        weights = place.weights.reshape(shape)
        self._weights_turned, self._kernel = weights.T, weights[:-1]
        self._weights_gradient = place.gradient.reshape(shape)
        self._gradient_turned = self.output.gradient.T
        self._activation = ACTIVATIONS[place.activation](self.output.values, self.output.gradient)

    def forward(self, step: int) -> None:
        np.dot(self._weights_turned, self._source.with_ones, self.output.values)
        self._activation.forward()

    def backward(self) -> None:
        self._activation.backward()
        np.dot(self._source.with_ones, self._gradient_turned, self._weights_gradient)
        if self._source.is_wanted:
            np.dot(self._kernel, self.output.gradient, self._source.gradient)


class Dropout(Layer):
    """Silences each number with a probability, and scales up the others so that the mean stays.

    Srivastava and others, "Dropout: a simple way to prevent neural networks from overfitting", 2014. The masks follow
    from the spec's seed, the layer and the step alone.
    """

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        layer = cast(DropoutSpec, place.plan.layer)
        self._seed, self._index = place.seed, place.index
        self._rate = np.array(layer.rate, np.float32)
        self._scale = np.array(1 / (1 - layer.rate), np.float32)
        self._drawn = np.zeros_like(source.values)
        self._kept = np.zeros(source.values.shape, np.bool_)
        self._mask = np.zeros_like(source.values)

    def forward(self, step: int) -> None:
        mask_stream(self._seed, self._index, step).random(dtype=np.float32, out=self._drawn)
        np.greater_equal(self._drawn, self._rate, self._kept)
        np.multiply(self._kept, self._scale, self._mask)
        np.multiply(self._source.values, self._mask, self.output.values)

    def infer(self) -> None:
        self.output.values[...] = self._source.values

    def backward(self) -> None:
        np.multiply(self.output.gradient, self._mask, self._source.gradient)


class BatchNormalization(Layer):
    """gamma (x - mean) / sqrt(variance + epsilon) + beta, for each channel.

    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift",
    2015. Training takes mean and variance of the batch and moves the averages towards them; testing takes the averages.
    """

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        layer = cast(BatchNormalizationSpec, place.plan.layer)
        self._inputs, self._outputs = _by_channel(source.values), _by_channel(self.output.values)
        self._gradient, self._source_gradient = _by_channel(self.output.gradient), _by_channel(source.gradient)
        self._gamma, self._beta = place.weights.reshape(2, -1)
        self._gamma_gradient, self._beta_gradient = place.gradient.reshape(2, -1)
        self._averages = place.averages.reshape(2, -1)
        self._moments = np.zeros_like(self._averages)
        self._per_sample = np.array(1 / self._inputs.shape[0], np.float32)
        self._momentum = np.array(layer.momentum, np.float32)
        self._rest = np.array(1 - layer.momentum, np.float32)
        self._inverse = np.zeros_like(self._gamma)
        self._normal = np.zeros_like(self._inputs)
        self._scratch = np.zeros_like(self._inputs)

    def forward(self, step: int) -> None:
        mean, variance = self._moments
        self._mean_of(self._inputs, mean)
        np.subtract(self._inputs, mean, self._normal)
        np.square(self._normal, self._scratch)
        self._mean_of(self._scratch, variance)
        self._finish(variance)
        np.multiply(self._averages, self._momentum, self._averages)
        np.multiply(self._moments, self._rest, self._moments)
        np.add(self._averages, self._moments, self._averages)

    def infer(self) -> None:
        mean, variance = self._averages
        np.subtract(self._inputs, mean, self._normal)
        self._finish(variance)

    def backward(self) -> None:
        np.add.reduce(self._gradient, 0, None, self._beta_gradient)
        np.multiply(self._gradient, self._normal, self._scratch)
        np.add.reduce(self._scratch, 0, None, self._gamma_gradient)
        if self._source.is_wanted:
            self._hand_back()

    def _finish(self, variance: Floats) -> None:
        """Scale what has lost its mean already."""
        np.add(variance, _EPSILON, self._inverse)
        np.sqrt(self._inverse, self._inverse)
        np.reciprocal(self._inverse, self._inverse)
        np.multiply(self._normal, self._inverse, self._normal)
        np.multiply(self._normal, self._gamma, self._outputs)
        np.add(self._outputs, self._beta, self._outputs)

    def _hand_back(self) -> None:
        """(gradient - mean(gradient) - normal mean(gradient normal)) gamma / deviation: mean and variance count too."""
        onwards, scale = self._source_gradient, self._inverse
        np.multiply(self._normal, self._gamma_gradient * self._per_sample, onwards)
        np.add(onwards, self._beta_gradient * self._per_sample, onwards)
        np.subtract(self._gradient, onwards, onwards)
        np.multiply(scale, self._gamma, scale)
        np.multiply(onwards, scale, onwards)

    def _mean_of(self, table: Floats, mean: Floats) -> None:
        np.add.reduce(table, 0, None, mean)
        np.multiply(mean, self._per_sample, mean)


class Flatten(Layer):
    """Lays the numbers of a picture out in one row; a row stays what it is."""

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        self._inputs, self._onwards = (_as_rows(array) for array in (source.values, source.gradient))

    def forward(self, step: int) -> None:
        self.output.values[...] = self._inputs

    def backward(self) -> None:
        self._onwards[...] = self.output.gradient


class Conv2D(Layer):
    """activation(patches kernel + bias): each patch of the picture becomes a row of a table, one product does the rest.

    Chellapilla, Puri and Simard, "High performance convolutional neural networks for document processing", 2006.
    """

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        layer = cast(Conv2DSpec, place.plan.layer)
        self._frame = Frame(source, place.plan, Window(layer.kernel_size, layer.strides, layer.padding), 0)
        size, _, channels, filters = place.plan.weights[0]
        pixels, inputs = size * size, size * size * channels
        self._values = self.output.values.reshape(-1, filters)
        self._gradient = self.output.gradient.reshape(-1, filters)
        self._weights = place.weights.reshape(inputs + 1, filters)
        self._weights_gradient = place.gradient.reshape(inputs + 1, filters)
        # The table of patches, with a column of ones for the bias; its gradient lies pixel by pixel of the kernel.
        self._table = np.ones((len(self._values), inputs + 1), np.float32)
        self._patches = self._table[:, :-1].reshape(self._frame.windows.shape)
        self._kernel_turned = self._weights[:-1].reshape(pixels, channels, filters).transpose(0, 2, 1)
        self._pixels_gradient = np.zeros((pixels, len(self._values), channels), np.float32)
        self._patches_gradient = self._pixels_gradient.reshape(pixels, *self.output.values.shape[:3], channels)
        self._activation = ACTIVATIONS[place.activation](self.output.values, self.output.gradient)

    def forward(self, step: int) -> None:
        self._frame.enter()
        self._patches[...] = self._frame.windows
        np.dot(self._table, self._weights, self._values)
        self._activation.forward()

    def backward(self) -> None:
        self._activation.backward()
        np.dot(self._table.T, self._gradient, self._weights_gradient)
        if self._source.is_wanted:
            np.matmul(self._gradient, self._kernel_turned, self._pixels_gradient)
            self._frame.clear()
            for seen, gradient in zip(self._frame.gradient_patches, self._patches_gradient, strict=True):
                np.add(seen, gradient, seen)
            self._frame.leave()


class Pooling(Layer):
    """Makes one number of each patch; patches do not overlap."""

    _border = 0.0

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        layer = cast(MaxPooling2DSpec | AveragePooling2DSpec, place.plan.layer)
        self._frame = Frame(source, place.plan, Window(layer.pool_size, layer.pool_size, layer.padding), self._border)

    def _pool(self, join: np.ufunc) -> None:
        self._frame.enter()
        first, *others = self._frame.patches
        self.output.values[...] = first
        for patch in others:
            join(self.output.values, patch, self.output.values)


class MaxPooling2D(Pooling):
    """The largest number of each patch; the gradient goes to the first that is as large, as in TensorFlow."""

    _border = -np.inf

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        self._is_largest, self._is_free = np.zeros((2, *self.output.values.shape), np.bool_)

    def forward(self, step: int) -> None:
        self._pool(np.maximum)

    def backward(self) -> None:
        self._frame.clear()
        self._is_free.fill(True)
        for patch, gradient in zip(self._frame.patches, self._frame.gradient_patches, strict=True):
            np.equal(patch, self.output.values, self._is_largest)
            np.logical_and(self._is_largest, self._is_free, self._is_largest)
            np.not_equal(self._is_free, self._is_largest, self._is_free)
            np.multiply(self.output.gradient, self._is_largest, gradient)
        self._frame.leave()


class AveragePooling2D(Pooling):
    """The mean of each patch; what lies outside the picture does not count, as in TensorFlow."""

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        self._counts = self._frame.pixels_in_patches()

    def forward(self, step: int) -> None:
        self._pool(np.add)
        np.divide(self.output.values, self._counts, self.output.values)

    def backward(self) -> None:
        self._frame.clear()
        np.divide(self.output.gradient, self._counts, self.output.gradient)
        for gradient in self._frame.gradient_patches:
            gradient[...] = self.output.gradient
        self._frame.leave()


class GlobalAveragePooling2D(Layer):
    """The mean of each channel over the whole picture."""

    def __init__(self, place: Place, source: Signal) -> None:
        super().__init__(place, source)
        _, height, width, _ = source.values.shape
        self._per_pixel = np.array(1 / (height * width), np.float32)

    def forward(self, step: int) -> None:
        np.add.reduce(self._source.values, (1, 2), None, self.output.values.T)
        np.multiply(self.output.values, self._per_pixel, self.output.values)

    def backward(self) -> None:
        np.multiply(self.output.gradient.T[:, None, None], self._per_pixel, self._source.gradient)


@dataclass(frozen=True)
class Window:
    """A square that slides over a picture."""

    size: int
    strides: int
    padding: Padding


class Frame:
    """A picture with the border that a sliding window needs, and what each pixel of the window sees of it.

    A border is as wide as TensorFlow makes it: the odd pixel goes to the right and to the bottom.
    """

    def __init__(self, source: Signal, plan: LayerPlan, window: Window, border: float) -> None:
        self._source = source
        self._window, self._places = window, plan.outputs[:2]
        sides = [_border(side, window) for side in plan.inputs[:2]]
        widths = ((0, 0), *sides, (0, 0))
        self._is_padded = any(sum(side) for side in sides)
        picture = (slice(before, before + side) for (before, _), side in zip(sides, plan.inputs, strict=False))
        self._picture = (slice(None), *picture)
        self._values = np.pad(source.values, widths, constant_values=border) if self._is_padded else source.values
        self._gradient = np.pad(source.gradient, widths) if self._is_padded else source.gradient
        self.patches = self._slide(self._values)
        self.windows = self._windows()
        self.gradient_patches = self._slide(self._gradient)

    def enter(self) -> None:
        """Take over the source's picture."""
        if self._is_padded:
            self._values[self._picture] = self._source.values

    def clear(self) -> None:
        """Start a new gradient, of zeros."""
        self._gradient.fill(0)

    def leave(self) -> None:
        """Give the gradient to the source."""
        if self._is_padded:
            self._source.gradient[...] = self._gradient[self._picture]

    def pixels_in_patches(self) -> Floats:
        """How many pixels of the picture each patch holds, float32 [height, width, 1]."""
        inside = np.zeros((1, *self._values.shape[1:3], 1), np.float32)
        inside[self._picture] = 1
        counts: Floats = np.sum(self._slide(inside), 0)[0]
        return counts

    def _windows(self) -> Floats:
        """All that the window sees: [rows, height, width, window height, window width, channels]."""
        size, strides = self._window.size, self._window.strides
        rows, *_, channels = self._values.shape
        row, down, across, channel = self._values.strides
        steps = (row, down * strides, across * strides, down, across, channel)
        return as_strided(self._values, (rows, *self._places, size, size, channels), steps)

    def _slide(self, picture: Floats) -> list[Floats]:
        """What the first, second, ... pixel of the window sees, row by row: [rows, height, width, channels]."""
        down, across = (self._spans(places) for places in self._places)
        return [picture[:, rows, columns] for rows in down for columns in across]

    def _spans(self, places: int) -> list[slice]:
        """Where each pixel of the window is, along one side, while the window slides."""
        size, strides = self._window.size, self._window.strides
        return [slice(first, first + strides * (places - 1) + 1, strides) for first in range(size)]


def _by_channel(array: Floats) -> Floats:
    """A signal's array as [numbers of a channel, channels]."""
    return array.T if array.ndim == 2 else array.reshape(-1, array.shape[-1])


def _as_rows(array: Floats) -> Floats:
    """A signal's array as [numbers of a sample, samples]."""
    return array if array.ndim == 2 else array.reshape(array.shape[0], -1).T


def _border(side: int, window: Window) -> tuple[int, int]:
    """Pixels before and after one side of a picture."""
    if window.padding == "valid":
        return 0, 0
    places = -(-side // window.strides)
    total = max((places - 1) * window.strides + window.size - side, 0)
    return total // 2, total - total // 2
