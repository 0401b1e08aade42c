"""The front door of the child process: one job comes in as a line of JSON, lines of JSON say how far it is.

`{"progress": 0.25}` again and again; the first one says that the files are in order as far as can be seen from outside.
The last line is `{"done": true}`, `{"refused": "...", "code": "..."}` for what was brought, or nothing at all when
the child was stopped or has a fault (then with a trace on standard error).
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from server.collecting.job import Job, job_from, known_set
from server.collecting.limits import PUT_THERE, SENT
from server.collecting.refusals import UnusableImages
from server.collecting.writing import Place
from server.domain.events import to_json

_TOLD_AGAIN_S = 0.1


def main() -> int:
    """Do the job; 0 done, 2 what was brought cannot be used."""
    told = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no line of ours
    job = job_from(json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _do(job, _teller(told))
    except UnusableImages as refusal:
        _say(told, {"refused": refusal.message, "code": refusal.code})
        return 2
    _say(told, {"done": True})
    return 0


def _do(job: Job, tell: Callable[[float], None]) -> None:
    place = Place(job.folder, job.beside)
    if job.kind in ("sent", "put_there"):
        _collect(job, place, tell)
        return
    from server.collecting.named_sets import find_files

    prepare = find_files(known_set(job), job.source)
    if prepare is not None:
        prepare(place, tell)
    else:
        from server.collecting.keras_sets import fetch_set

        fetch_set(known_set(job), place, tell)


def _collect(job: Job, place: Place, tell: Callable[[float], None]) -> None:
    from server.collecting.own_images import Wish, collect_pictures
    from server.collecting.picture_folder import PictureFolder
    from server.collecting.zip_archive import ZipArchive

    limits = SENT if job.kind == "sent" else PUT_THERE
    more = {"title": job.title, "is_kept": True} if job.kind == "put_there" else {}
    wish = Wish(job.name, job.side, job.colour, more=more)
    source = PictureFolder(job.source, limits) if job.source.is_dir() else ZipArchive(job.source, limits)
    try:
        collect_pictures(source, limits, place, wish, tell)
    finally:
        source.close()


def _teller(told: TextIO) -> Callable[[float], None]:
    """Says the first and the last share, and others from time to time."""
    last_s = [-_TOLD_AGAIN_S]

    def tell(share: float) -> None:
        now_s = time.monotonic()
        if share >= 1.0 or now_s - last_s[0] >= _TOLD_AGAIN_S:
            last_s[0] = now_s
            _say(told, {"progress": round(share, 4)})

    return tell


def _say(told: TextIO, words: dict[str, object]) -> None:
    told.write(f"{to_json(words)}\n")
    told.flush()


def _end_with_parent() -> None:
    """Whoever started us holds the other end of our input: when it is gone, nobody wants this any more."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
