"""What a network is about, in words: its classes, what goes in and what comes out."""

from dataclasses import dataclass

from server.datasets.collections import Library, name_of
from server.datasets.registry import OFFERS
from server.domain.spec import RunSpec, classes_of, features_of, input_shape, kind_of, outputs_of


@dataclass(frozen=True)
class About:
    """A network at one moment of its run; `classes` are names, in the order of the outputs, empty for numbers."""

    run_id: str
    spec: RunSpec
    epoch: int
    classes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The data set, as people call it."""
        return OFFERS[self.spec.dataset.name].title

    @property
    def is_of_pictures(self) -> bool:
        """Whether it looks at pictures."""
        return kind_of(self.spec.dataset.name) == "image"

    @property
    def is_of_a_line(self) -> bool:
        """Whether it is asked about places on a line."""
        return kind_of(self.spec.dataset.name) == "curve"

    def input_sentence(self) -> str:
        """What goes in."""
        shape = input_shape(self.spec)
        if not self.is_of_pictures:
            names = ", ".join(features_of(self.spec))
            return f"Input: float32 [samples, {shape[0]}]: {names}, computed from x1 and x2 as their names say."
        height, width, channels = shape
        colours = "shades of grey" if channels == 1 else "red, green, blue"
        return (
            f"Input: float32 [pictures, {height}, {width}, {channels}]: {height} rows of {width} pixels, {colours}, "
            "each number from 0 to 1, which is the byte of the pixel divided by 255."
        )

    def output_sentence(self) -> str:
        """What comes out."""
        if not self.classes:
            return "Output: float32 [samples, 1]: the number itself."
        if outputs_of(self.spec.dataset) == 1:
            return "Output: float32 [samples, 1]: the probability of the second class; the rest is that of the first."
        return f"Output: float32 [samples, {len(self.classes)}]: the probability of each class, in the order below."


def about_network(run_id: str, spec: RunSpec, epoch: int, library: Library) -> About:
    """What is known of a run's network; the names of classes of own images are those of their folders."""
    return About(run_id, spec, epoch, _class_names(spec, library))


def _class_names(spec: RunSpec, library: Library) -> tuple[str, ...]:
    classes = classes_of(spec.dataset)
    if classes is None:
        return ()
    collection = library.find(name_of(spec.dataset))
    if collection and len(collection.classes) == classes:
        return collection.classes
    return tuple(str(label) for label in range(classes))
