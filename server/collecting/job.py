"""What the child process is asked to do, as plain data on its way there."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from server.domain.spec import DatasetName

Colour = Literal["auto", "grey", "rgb"]
COLOURS: tuple[Colour, ...] = ("auto", "grey", "rgb")

Kind = Literal["sent", "put_there", "named"]
"""An archive of a stranger, one of the server's keeper, a known set from the data folder or else from the internet."""


@dataclass(frozen=True)
class Job:
    """Make one collection at `folder`, letting it grow in `beside`.

    `source` is an archive, a folder of pictures, or the folder in which known sets are looked for. `side` None: the
    pictures' own when they are small and of one size. `title` is for people.
    """

    kind: Kind
    name: str
    source: Path
    folder: Path
    beside: Path
    side: int | None = None
    colour: Colour = "auto"
    title: str = ""

    def to_payload(self) -> dict[str, Any]:
        """Plain data."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}


def job_from(payload: Mapping[str, Any]) -> Job:
    """The inverse of `to_payload`."""
    paths = {name: Path(payload[name]) for name in ("source", "folder", "beside")}
    return Job(**{**payload, **paths})


def known_set(job: Job) -> DatasetName:
    """The set that a job of kind `named` makes."""
    return job.name  # type: ignore[return-value] # the service takes no other names
