"""One model of the examination: how it is built, which way the converter has to take, and what it stands for.

Most models are one layer and write themselves from it: `one(layer("Conv1D", 3, 2, padding="causal"), SEQUENCE)` builds
the model, and its name, "Conv1D: padding=causal", is the row and the cell of the table in converter/README.md.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Shape = tuple[int | None, ...]
Probe = Callable[[np.random.Generator], list[NDArray[Any]]]
"""Makes inputs for a model whose answers depend on numbers the converter's own probe would rarely hold."""

ROW: Shape = (5,)
SEQUENCE: Shape = (6, 4)
PICTURE: Shape = (8, 7, 3)
VOLUME: Shape = (4, 6, 5, 2)
FILM: Shape = (3, 6, 5, 2)

LAYERS, GRAPH, REFUSED = "layers", "graph", "refused"


@dataclass(frozen=True)
class Case:
    """A model and its way.

    `about` is the layer or function that the model stands for, `option` what is asked of it; both are empty for models
    about how layers are put together. `rough` says how many times the usual tolerance is allowed, with the reason
    beside the case; `settles` that batch normalization takes its statistics from the probe, as deep networks need it;
    `graphics` that WebGL computes it less exactly ("rough") or not at all ("no"). `why` and `instead` are parts of the
    sentence of a refusal. A model that is `live_only` cannot be had from a file: its code is not there, or Keras itself
    does not save it.
    """

    build: Callable[[], Any]
    way: str = LAYERS
    about: str = ""
    option: str = ""
    probe: Probe | None = None
    rough: float = 1.0
    settles: bool = False
    graphics: str = ""
    why: str = ""
    instead: str = ""
    live_only: bool = False
    exists: Callable[[], bool] = field(default=lambda: True)

    @property
    def name(self) -> str:
        """What a single-layer model is called."""
        return f"{self.about}: {self.option}" if self.option else self.about


Table = Mapping[str, Case]


def as_layers(*cases: Case | Table) -> dict[str, Case]:
    """Models that become layers models."""
    return _table(LAYERS, cases)


def as_graphs(*cases: Case | Table) -> dict[str, Case]:
    """Models that become graph models, because a layers model cannot express them."""
    return _table(GRAPH, cases)


def as_refusals(*cases: Case | Table) -> dict[str, Case]:
    """Models that neither way can express."""
    return _table(REFUSED, cases)


def _table(way: str, cases: Sequence[Case | Table]) -> dict[str, Case]:
    table: dict[str, Case] = {}
    for case in cases:
        named = {case.name: case} if isinstance(case, Case) else case
        assert not table.keys() & named.keys(), sorted(table.keys() & named.keys())
        table.update({name: replace(one_of_them, way=way) for name, one_of_them in named.items()})
    return table


# ---- Layers by their names ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipe:
    """A layer that is made anew whenever it is needed; one that this Keras does not have yet does no harm."""

    class_name: str
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]

    def make(self) -> Any:
        """Make the layer, and those it holds."""
        kind = getattr(keras.layers, self.class_name)
        return kind(*map(_made, self.arguments), **{name: _made(value) for name, value in self.options.items()})

    def exists(self) -> bool:
        """Say whether this Keras knows the class, its arguments, and what it holds."""
        if not hasattr(keras.layers, self.class_name):
            return False
        try:
            with warnings.catch_warnings():  # of options that Keras is about to give up
                warnings.simplefilter("ignore")
                self.make()
        except (AttributeError, TypeError, ValueError):
            return False
        return True

    def __str__(self) -> str:
        inside = [*map(_shown, self.arguments), *self.described_options()]
        return f"{self.class_name}({', '.join(inside)})"

    def described_options(self) -> list[str]:
        """The options as they are read aloud."""
        return [f"{name}={_shown(value)}" for name, value in self.options.items()]


def layer(class_name: str, *arguments: Any, **options: Any) -> Recipe:
    """A layer of keras.layers; what has to be given is given by place, what is to be examined by name."""
    return Recipe(class_name, arguments, options)


def _made(value: Any) -> Any:
    if isinstance(value, Recipe):
        return value.make()
    return [_made(item) for item in value] if isinstance(value, list) else value


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return "array"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return getattr(value, "__name__", str(value))


# ---- Models ---------------------------------------------------------------------------------------------------


def sequential(shape: Shape, *recipes: Recipe, dtype: str = "float32") -> Callable[[], Any]:
    """A maker of a Sequential model."""
    return lambda: keras.Sequential([keras.Input(shape, dtype=dtype), *(recipe.make() for recipe in recipes)])


def one(
    recipe: Recipe,
    *shapes: Shape,
    note: str = "",
    dtype: str = "float32",
    call: Mapping[str, Any] | None = None,
    **rest: Any,
) -> Case:
    """A model of one layer, called on one input or a list of them, with `call` as further arguments.

    `note` is read with the options: what is special about the input.
    """

    def build() -> Any:
        inputs = [keras.Input(shape, dtype=dtype) for shape in shapes]
        outputs = recipe.make()(inputs if len(inputs) > 1 else inputs[0], **(call or {}))
        return keras.Model(inputs, keras.tree.flatten(outputs))

    described = [*recipe.described_options(), *(f"{name}={value}" for name, value in (call or {}).items())]
    option = ", ".join([*described, note] if note else described)
    return Case(build, about=recipe.class_name, option=option, exists=recipe.exists, **rest)


def about(class_name: str, option: str, build: Callable[[], Any], **rest: Any) -> Case:
    """A model of its own about one layer of keras.layers or one function, such as "ops.Add"."""
    return Case(build, about=class_name, option=option, exists=lambda: _is_known(class_name), **rest)


def _is_known(class_name: str) -> bool:
    home = keras
    for part in class_name.split(".")[:-1]:
        home = getattr(home, part)
    return hasattr(home if "." in class_name else keras.layers, class_name.split(".")[-1])
