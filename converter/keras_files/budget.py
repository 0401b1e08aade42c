"""How many weights a file may ask for: counted before a single one is allocated.

Keras makes a weight by asking an initializer for an array of a shape. Every layer gets the initializer of this file,
which adds the shapes up, refuses beyond the budget, and returns zeros. Layers that make weights with initializers of
their own reserve them before they are built.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras

from converter.errors import InvalidConfiguration, quoted
from converter.keras_files.older_activations import FUNCTIONS

Shape = Sequence[int | None]

MAX_WEIGHTS_COUNT = 200_000_000
"""VGG16 has 138 million. A file that does not hold as many is refused earlier: see `rebuilding`."""


class Budget:
    """Counts weights up to a limit; `layer` is the one that is being made, for the message."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self.layer = "model"

    def reserve(self, count: int) -> None:
        """Count weights that are about to be made; raises InvalidConfiguration if there are too many."""
        self.used += count
        if self.used > self.limit:
            most = f"at most {MAX_WEIGHTS_COUNT}" if self.limit >= MAX_WEIGHTS_COUNT else "more than the file holds"
            raise InvalidConfiguration(
                f"Layer {quoted(self.layer)}: the model would have {self.used} weights or more, {most}; use a smaller "
                "model, or save it again."
            )


_current: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def budgeted(budget: Budget) -> Iterator[None]:
    """Count every weight that is made inside against `budget`."""
    token = _current.set(budget)
    try:
        # Where Keras copies a layer by its configuration (Bidirectional), these are what is not Keras' own in it.
        with keras.saving.custom_object_scope({"BudgetedZeros": BudgetedZeros, **FUNCTIONS}):
            yield
    finally:
        _current.reset(token)


class BudgetedZeros(keras.initializers.Initializer):  # type: ignore[misc]  # Keras is untyped
    """Zeros, counted; it holds nothing, so that copies of it count too."""

    def __call__(self, shape: Shape, dtype: object = None, **_: object) -> Any:
        _current.get().reserve(numbers_of(shape))
        return keras.ops.zeros(shape, dtype)

    def get_config(self) -> dict[str, object]:
        return {}


def numbers_of(shape: Shape) -> int:
    """How many numbers a tensor has; sizes that are not known yet count as one."""
    return math.prod(1 if size is None else int(size) for size in shape)


# ---- Weights that layers make on their own ---------------------------------------------------------------------


def own_weights(class_name: str, arguments: Mapping[str, Any], shapes: Sequence[Shape]) -> int:
    """How many weights a layer makes without asking the initializers it is given, for inputs of these shapes."""
    shape = shapes[0] if shapes else ()
    if class_name == "Normalization":
        return 2 * _kept(shape, arguments.get("axis", -1))
    if class_name == "RMSNormalization":
        return _kept(shape, arguments.get("axis", -1))
    if class_name == "AdditiveAttention":
        return numbers_of(shape[-1:])
    if class_name == "STFTSpectrogram":
        frame = int(arguments.get("frame_length", 256))
        return 2 * frame * (int(arguments.get("fft_length") or frame) // 2 + 1)
    if arguments.get("stateful"):
        return _states(arguments, shape)
    return 0


def _kept(shape: Shape, axes: Any) -> int:
    kept = [axes] if isinstance(axes, int) else list(axes or ())
    return numbers_of([shape[axis] for axis in kept if -len(shape) <= axis < len(shape)])


def _states(arguments: Mapping[str, Any], shape: Shape) -> int:
    """A recurrent layer with a memory keeps its states: of a picture's size for a convolutional one."""
    units = int(arguments.get("units", arguments.get("filters", 1)))
    return 2 * numbers_of(shape[:1]) * units * numbers_of(shape[2:-1])
