"""How much an archive or a folder of pictures may hold; docs/images.md tells them."""

from dataclasses import dataclass

from server.domain.limits import MAX_PICTURES

MAX_UPLOAD_BYTES = 200_000_000
"""An archive that is sent to the server."""

MAX_PICTURE_PIXELS = 16_700_000
"""Width times height of a picture before it is made small."""

USUAL_SIDE = 64
"""Pixels along a side, where pictures are not all of one small size."""

MOST_PROBLEMS = 200
"""So many files that cannot be used are told by name; of others only the number."""

MOST_NAME_LENGTH = 40
"""Characters of the name of a class."""

MOST_PATH_LENGTH = 120
"""Characters of the name of a file as it is told."""


@dataclass(frozen=True)
class ArchiveLimits:
    """What may lie in one archive or folder. `listed` counts everything in its list, folders too."""

    pictures: int
    listed: int
    entry_bytes: int
    total_bytes: int
    ratio: int = 100
    ratio_counts_from_bytes: int = 1_000_000


SENT = ArchiveLimits(pictures=5_000, listed=20_000, entry_bytes=10_000_000, total_bytes=200_000_000)
"""By anybody."""

PUT_THERE = ArchiveLimits(pictures=MAX_PICTURES, listed=200_000, entry_bytes=20_000_000, total_bytes=4_000_000_000)
"""By whoever looks after the server, in the data folder or on the command line."""
