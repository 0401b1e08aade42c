"""A model file's configuration after it was checked: plain data, from which the live model is built.

Nothing here came through unseen: class names stand in our tables, every argument was parsed, every tensor a call
takes is made by another call, and there are no loops.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TensorRef:
    """One tensor: which output of which call of which layer of the same model."""

    layer: str
    call: int
    index: int


@dataclass(frozen=True)
class CheckedCall:
    """One call; the arguments hold TensorRef where tensors go, in lists, dictionaries or alone."""

    arguments: tuple[object, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def refs(self) -> Iterator[TensorRef]:
        """Every tensor the call takes."""
        yield from refs_in([*self.arguments, *self.options.values()])


@dataclass(frozen=True, eq=False)
class CheckedLayer:
    """One layer, function or model inside a model.

    `arguments` are those of the constructor, or of the function of keras.ops if `is_operation`; layers inside them
    are CheckedLayer. `shared` is the number by which a file says that two entries are one and the same layer.
    """

    name: str
    class_name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    calls: tuple[CheckedCall, ...] = ()
    inner: CheckedModel | None = None
    is_operation: bool = False
    is_trainable: bool = True
    shared: int | None = None


@dataclass(frozen=True, eq=False)
class CheckedModel:
    """A Sequential or functional model.

    `inputs` and `outputs` hold TensorRef, in lists or dictionaries as the model takes and returns them. `order` says
    which call comes when: a layer's place in `layers` and the number of its call.
    """

    name: str
    class_name: str
    layers: tuple[CheckedLayer, ...]
    inputs: object = None
    outputs: object = None
    order: tuple[tuple[int, int], ...] = ()


def refs_in(value: object) -> Iterator[TensorRef]:
    """Every TensorRef inside lists and dictionaries."""
    if isinstance(value, TensorRef):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from refs_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from refs_in(item)
