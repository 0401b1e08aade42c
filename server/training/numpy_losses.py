"""The losses in NumPy, each with its gradient, and the penalty on kernels; what they are is defined by Keras.

All work on the output layer before its activation, its logits float32 [outputs, samples], and on labels of that shape.
A loss is the mean over all of them; so its gradient is divided by their number.
"""

from abc import ABC, abstractmethod

import numpy as np

from server.domain.spec import LossName
from server.training.numpy_layers import ACTIVATIONS, Activation, Floats, Signal
from server.training.rates import Rates

_ONE = np.array(1, np.float32)
_MINUS_ONE = np.array(-1, np.float32)


class Softmax(Activation):
    """exp(x) / sum(exp(x)) over the outputs; the largest x is subtracted first, which changes nothing but overflows."""

    def __init__(self, values: Floats, gradient: Floats) -> None:
        super().__init__(values, gradient)
        self._sums = np.zeros((1, values.shape[1]), np.float32)

    def forward(self) -> None:
        values, sums = self._values, self._sums
        np.maximum.reduce(values, 0, None, sums, True)
        np.subtract(values, sums, values)
        np.exp(values, values)
        np.add.reduce(values, 0, None, sums, True)
        np.divide(values, sums, values)

    def backward(self) -> None:
        np.multiply(self._gradient, self._values, self._scratch)
        np.add.reduce(self._scratch, 0, None, self._sums, True)
        np.subtract(self._gradient, self._sums, self._gradient)
        np.multiply(self._gradient, self._values, self._gradient)


_OUTPUT_ACTIVATIONS: dict[str, type[Activation]] = {**ACTIVATIONS, "softmax": Softmax}


class Loss(ABC):
    """One loss over the logits of a fixed number of samples, with the activation of the output layer."""

    def __init__(self, activation: str, output: Signal) -> None:
        self._logits, self._gradient = output.values, output.gradient
        self._predictions = np.zeros_like(output.values)
        self._activation = _OUTPUT_ACTIVATIONS[activation](self._predictions, output.gradient)
        self._scratch = np.zeros_like(output.values)
        self._outputs, samples = output.values.shape
        self._share = np.array(1 / output.values.size, np.float32)
        self._share_of_sample = np.array(1 / samples, np.float32)

    @staticmethod
    def targets_of(labels: Floats) -> Floats:
        """The labels in the form that the other methods take."""
        return labels

    @abstractmethod
    def backward(self, targets: Floats) -> None:
        """Write the gradient of the loss into that of the output layer."""

    def measure(self, targets: Floats) -> tuple[float, int]:
        """Sum of the loss over the samples, and how many predictions are right."""
        self._predict()
        sizes = self._sizes(targets)
        return float(np.add.reduce(sizes, None, np.float64)) / self._outputs, self._count_right(targets)

    def _predict(self) -> None:
        self._predictions[...] = self._logits
        self._activation.forward()

    @abstractmethod
    def _sizes(self, targets: Floats) -> Floats:
        """The loss of each output of each sample, [outputs, samples]."""

    def _count_right(self, targets: Floats) -> int:
        """As Keras' accuracies: on the right side of 0.5, or the likeliest class is the right one."""
        if self._outputs == 1:
            return int(np.count_nonzero((self._predictions > 0.5) == (targets > 0.5)))
        return int(np.count_nonzero(self._predictions.argmax(0) == targets.argmax(0)))


class BinaryCrossentropy(Loss):
    """log(1 + exp(-x)) where the label is 1, log(1 + exp(x)) where it is 0: Keras computes it from the logits x.

    Targets are 1 and -1, so that both are log(1 + exp(-target x)), whose slope keeps its digits on either side.
    """

    @staticmethod
    def targets_of(labels: Floats) -> Floats:
        return 2 * labels - 1

    def backward(self, targets: Floats) -> None:
        odds = self._scratch
        np.multiply(self._logits, targets, odds)
        np.exp(odds, odds)
        np.add(odds, _ONE, odds)
        np.divide(targets, odds, self._gradient)
        np.multiply(self._gradient, -self._share, self._gradient)

    def _sizes(self, targets: Floats) -> Floats:
        sizes: Floats = np.logaddexp(np.float32(0), -targets * self._logits)
        return sizes


class CategoricalCrossentropy(Loss):
    """-log of the softmax of the right class; Keras computes it from the logits."""

    def backward(self, targets: Floats) -> None:
        self._predict()
        np.subtract(self._predictions, targets, self._gradient)
        np.multiply(self._gradient, self._share_of_sample, self._gradient)

    def _sizes(self, targets: Floats) -> Floats:
        shifted = self._logits - self._logits.max(0)
        # A sample's loss counts once, not once for each output.
        sizes: Floats = (np.log(np.exp(shifted).sum(0)) - shifted) * targets * self._outputs
        return sizes


class DistanceLoss(Loss):
    """A loss that grows with the distance between prediction and label."""

    def backward(self, targets: Floats) -> None:
        self._predict()
        np.subtract(self._predictions, targets, self._gradient)
        self._to_slope()
        np.multiply(self._gradient, self._share, self._gradient)
        self._activation.backward()

    @abstractmethod
    def _to_slope(self) -> None:
        """Replace the errors by the slopes of the loss there."""


class MeanSquaredError(DistanceLoss):
    """error^2."""

    def _to_slope(self) -> None:
        np.add(self._gradient, self._gradient, self._gradient)

    def _sizes(self, targets: Floats) -> Floats:
        sizes: Floats = np.square(self._predictions - targets)
        return sizes


class MeanAbsoluteError(DistanceLoss):
    """|error|, whose slope at 0 is 0."""

    def _to_slope(self) -> None:
        np.sign(self._gradient, self._gradient)

    def _sizes(self, targets: Floats) -> Floats:
        sizes: Floats = np.abs(self._predictions - targets)
        return sizes


class Huber(DistanceLoss):
    """error^2 / 2 up to an error of 1, and |error| - 1/2 beyond it.

    Huber, "Robust estimation of a location parameter", 1964; 1 is Keras' delta.
    """

    def _to_slope(self) -> None:
        np.minimum(self._gradient, _ONE, self._gradient)
        np.maximum(self._gradient, _MINUS_ONE, self._gradient)

    def _sizes(self, targets: Floats) -> Floats:
        errors = np.abs(self._predictions - targets)
        return np.where(errors <= 1, errors * errors / 2, errors - np.float32(0.5))


LOSSES: dict[LossName, type[Loss]] = {
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "mse": MeanSquaredError,
    "mae": MeanAbsoluteError,
    "huber": Huber,
}


class Penalty:
    """Keras' L1L2 on the kernels, l1 sum |w| + l2 sum w^2, added to the gradient; the slope of |w| at 0 is 0."""

    def __init__(self, parameters: Floats, gradient: Floats, is_kernel: Floats) -> None:
        """All float32 [trainable]; is_kernel holds 1 for the numbers of kernels and 0 for the others."""
        self._parameters, self._gradient = parameters, gradient
        self._is_kernel = is_kernel
        self._scratch = np.zeros_like(parameters)
        self.take(Rates(0, 0, 0))

    def take(self, rates: Rates) -> None:
        """The rates from now on."""
        self._l1, self._twice_l2 = (self._is_kernel * np.float32(rate) for rate in (rates.l1, 2 * rates.l2))
        self._has_l1, self._has_l2 = rates.l1 != 0, rates.l2 != 0

    def add(self) -> None:
        """Add the slope of the penalty."""
        if self._has_l2:
            np.multiply(self._parameters, self._twice_l2, self._scratch)
            np.add(self._gradient, self._scratch, self._gradient)
        if self._has_l1:
            np.sign(self._parameters, self._scratch)
            np.multiply(self._scratch, self._l1, self._scratch)
            np.add(self._gradient, self._scratch, self._gradient)
