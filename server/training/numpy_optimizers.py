"""The optimizers in NumPy, each moving all weights at once; formulas and constants are those of Keras.

They work on float32 vectors [trainable] that all layers share: the weights, their gradient (which an update uses up),
and what the optimizer remembers of each weight, its slots [kinds, trainable].
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from server.domain.spec import OptimizerName, OptimizerSpec
from server.training.numpy_layers import Floats

_EPSILON = np.array(1e-7, np.float32)
"""What Keras adds before it divides."""


@dataclass(frozen=True)
class Movable:
    """What an optimizer works on."""

    parameters: Floats
    gradient: Floats
    slots: Floats


class Optimizer:
    """Plain gradient descent: w = w - rate gradient."""

    slot_kinds = 0

    def __init__(self, options: OptimizerSpec, movable: Movable) -> None:
        self._parameters, self._gradient = movable.parameters, movable.gradient
        self._scratch = np.zeros_like(movable.gradient)
        self._rate = np.zeros((), np.float32)

    def take(self, learning_rate: float) -> None:
        """The learning rate from now on."""
        self._rate[...] = learning_rate

    def update(self, step: int) -> None:
        """Move the weights along the gradient; `step` updates came before this one."""
        np.multiply(self._gradient, self._rate, self._gradient)
        np.subtract(self._parameters, self._gradient, self._parameters)


class Momentum(Optimizer):
    """v = momentum v - rate gradient; w = w + v, or with Nesterov's look ahead w = w + momentum v - rate gradient.

    Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning", 2013.
    """

    slot_kinds = 1

    def __init__(self, options: OptimizerSpec, movable: Movable) -> None:
        super().__init__(options, movable)
        self._movement = movable.slots[0]
        self._momentum = np.array(options.momentum, np.float32)
        self._nesterov = options.nesterov

    def update(self, step: int) -> None:
        movement, gradient = self._movement, self._gradient
        np.multiply(gradient, self._rate, gradient)
        np.multiply(movement, self._momentum, movement)
        np.subtract(movement, gradient, movement)
        if self._nesterov:
            np.multiply(movement, self._momentum, self._scratch)
            np.subtract(self._scratch, gradient, gradient)
            np.add(self._parameters, gradient, self._parameters)
        else:
            np.add(self._parameters, movement, self._parameters)


class Adagrad(Optimizer):
    """a = a + gradient^2; w = w - rate gradient / sqrt(a + epsilon).

    Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
    """

    slot_kinds = 1

    def __init__(self, options: OptimizerSpec, movable: Movable) -> None:
        super().__init__(options, movable)
        self._squares = movable.slots[0]

    def update(self, step: int) -> None:
        np.square(self._gradient, self._scratch)
        np.add(self._squares, self._scratch, self._squares)
        self._move()

    def _move(self) -> None:
        np.add(self._squares, _EPSILON, self._scratch)
        np.sqrt(self._scratch, self._scratch)
        np.multiply(self._gradient, self._rate, self._gradient)
        np.divide(self._gradient, self._scratch, self._gradient)
        np.subtract(self._parameters, self._gradient, self._parameters)


class RMSprop(Adagrad):
    """a = rho a + (1 - rho) gradient^2, rho = 0.9; w = w - rate gradient / sqrt(a + epsilon).

    Tieleman and Hinton, "Lecture 6.5: rmsprop", 2012.
    """

    _RHO = np.array(0.9, np.float32)
    _REST = np.array(1 - 0.9, np.float32)

    def update(self, step: int) -> None:
        np.multiply(self._squares, self._RHO, self._squares)
        np.square(self._gradient, self._scratch)
        np.multiply(self._scratch, self._REST, self._scratch)
        np.add(self._squares, self._scratch, self._squares)
        self._move()


class Adam(Optimizer):
    """m and v: moving averages of gradient and gradient^2, beta 0.9 and 0.999; w = w - alpha m / (sqrt(v) + epsilon).

    Kingma and Ba, "Adam: a method for stochastic optimization", 2014, in the form before section 2.1: alpha is
    rate sqrt(1 - beta_2^t) / (1 - beta_1^t).
    """

    slot_kinds = 2
    _BETA_1, _BETA_2 = np.float32(0.9), np.float32(0.999)
    _REST_1, _REST_2 = np.array(1 - 0.9, np.float32), np.array(1 - 0.999, np.float32)

    def __init__(self, options: OptimizerSpec, movable: Movable) -> None:
        super().__init__(options, movable)
        self._means, self._squares = movable.slots
        self._alpha = np.zeros((), np.float32)

    def update(self, step: int) -> None:
        means, squares, gradient, scratch = self._means, self._squares, self._gradient, self._scratch
        np.subtract(gradient, means, scratch)
        np.multiply(scratch, self._REST_1, scratch)
        np.add(means, scratch, means)
        np.square(gradient, gradient)
        np.subtract(gradient, squares, gradient)
        np.multiply(gradient, self._REST_2, gradient)
        np.add(squares, gradient, squares)
        np.sqrt(squares, scratch)
        np.add(scratch, _EPSILON, scratch)
        self._alpha[...] = self._alpha_at(step + 1)
        np.multiply(means, self._alpha, gradient)
        np.divide(gradient, scratch, gradient)
        np.subtract(self._parameters, gradient, self._parameters)

    def _alpha_at(self, count: int) -> float:
        """Keras rounds the powers to float32, which the first updates feel: 0.999 itself is 1e-8 more there."""
        power_1, power_2 = (np.float32(float(beta) ** count) for beta in (self._BETA_1, self._BETA_2))
        return float(self._rate) * sqrt(np.float32(1) - power_2) / float(np.float32(1) - power_1)


_OPTIMIZERS: dict[OptimizerName, type[Optimizer]] = {"adagrad": Adagrad, "rmsprop": RMSprop, "adam": Adam}


def optimizer_kind(options: OptimizerSpec) -> type[Optimizer]:
    """The class of optimizer that a spec names."""
    return _OPTIMIZERS.get(options.name, Momentum if options.momentum > 0 else Optimizer)


class ClippingByNorm:
    """Scales the gradient of each variable down to a length: tf.clip_by_norm, g limit / max(|g|, limit).

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """

    def __init__(self, limit: float, gradient: Floats, sizes: list[int]) -> None:
        """`sizes`: how many numbers of the gradient belong to each variable, one after the other."""
        self._limit = np.array(limit, np.float32)
        self._gradient = gradient
        self._squares = np.zeros_like(gradient)
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._variables = np.repeat(np.arange(len(sizes)), sizes)
        self._factors = np.zeros(len(sizes), np.float32)

    def __call__(self) -> None:
        np.square(self._gradient, self._squares)
        np.add.reduceat(self._squares, self._starts, 0, None, self._factors)
        np.sqrt(self._factors, self._factors)
        np.maximum(self._factors, self._limit, self._factors)
        np.multiply(self._gradient, self._limit, self._gradient)
        np.divide(self._gradient, self._factors[self._variables], self._gradient)


class ClippingByValue:
    """Cuts each number of the gradient to a size."""

    def __init__(self, limit: float, gradient: Floats) -> None:
        self._highest, self._lowest = np.array(limit, np.float32), np.array(-limit, np.float32)
        self._gradient = gradient

    def __call__(self) -> None:
        np.minimum(self._gradient, self._highest, self._gradient)
        np.maximum(self._gradient, self._lowest, self._gradient)


def clipping_of(options: OptimizerSpec, gradient: Floats, sizes: list[int]) -> Callable[[], None] | None:
    """What is done to a gradient before the optimizer sees it; None for nothing."""
    if options.clip_norm is not None:
        return ClippingByNorm(options.clip_norm, gradient, sizes)
    return None if options.clip_value is None else ClippingByValue(options.clip_value, gradient)
