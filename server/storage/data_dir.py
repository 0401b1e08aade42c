"""The folder in which a server keeps what it knows: for its own user alone."""

import logging
import stat
from pathlib import Path

PRIVATE_MASK = 0o077
"""What `os.umask` takes away from all files of a server: everything, from everybody but its user."""

_PRIVATE = 0o700


class OpenToEverybody(OSError):
    """Everybody on this machine may write to the data folder; the sentence says what to do."""


def open_data_dir(data_dir: Path) -> None:
    """Make the folder, for its user alone, or look whether the one that is there can be trusted.

    Whoever may write there could put another database or a link in the place of ours. A folder that others may read is
    used, with a warning: a school may want its backups to read it. Raises OpenToEverybody, OSError.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
    mode = data_dir.stat().st_mode
    if mode & stat.S_IWOTH:
        raise OpenToEverybody(
            f"Everybody on this machine may write to the data folder {data_dir}, so its runs cannot be trusted. "
            f"Take a folder inside it, --data-dir {data_dir / 'neural-playground'}, or take that right away "
            f"with 'chmod o-w {data_dir}'."
        )
    if mode & (stat.S_IROTH | stat.S_IXOTH):
        logging.getLogger(__name__).warning(
            "Others on this machine can look into the data folder %s; 'chmod 700' keeps them out.", data_dir
        )
