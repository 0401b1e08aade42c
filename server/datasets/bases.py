"""The files of pretrained networks in the data folder: `images/bases/`, each under the name Keras gives it."""

from dataclasses import dataclass
from pathlib import Path

from server.domain.errors import NotFound, Problem
from server.domain.mobilenet import alpha_of, base_file_name
from server.domain.spec import BaseSpec, RunSpec

FOLDER = "bases"


class MissingBase(NotFound):
    """The weights of a pretrained network are not in the data folder, or are not what they should be."""

    def __init__(self, base: BaseSpec, folder: Path | None, why: str = "are not on this server yet") -> None:
        where = f"the folder {folder}" if folder else "the folder images/bases of the data folder"
        super().__init__(
            f"The weights of MobileNetV2 (width {alpha_of(base)}, {base.size} pixels) {why}. Press Get on the page for "
            f"images, or put the file {base_file_name(base)} into {where}: on a computer with internet "
            f"`keras.applications.MobileNetV2(input_shape=({base.size}, {base.size}, 3), alpha={alpha_of(base)}, "
            'include_top=False)` saves it in ".keras/models" of the home folder.',
            "base_missing",
        )


@dataclass(frozen=True)
class Bases:
    """The files below the folder of pictures; without one there are none."""

    images_dir: Path | None

    @property
    def folder(self) -> Path | None:
        """Where they lie."""
        return self.images_dir / FOLDER if self.images_dir else None

    def find(self, base: BaseSpec) -> Path | None:
        """The file of a base; None when it is not there."""
        if self.folder is None:
            return None
        path = self.folder / base_file_name(base)
        return path if path.is_file() else None

    def get(self, base: BaseSpec) -> Path:
        """The file of a base. Raises MissingBase."""
        path = self.find(base)
        if path is None:
            raise MissingBase(base, self.folder)
        return path


def find_base_problems(spec: RunSpec, bases: Bases) -> list[Problem]:
    """What a spec asks of a base that is not there."""
    if spec.base is None or bases.find(spec.base):
        return []
    message = MissingBase(spec.base, bases.folder).message
    return [Problem("base", "base_missing", message, "a base whose weights are on this server", spec.base.name)]
