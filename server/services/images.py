"""What can be done with labelled pictures: get a known set, bring own ones, look at them, remove them."""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, BinaryIO

from server.collecting.job import COLOURS, Colour, Job
from server.collecting.limits import MAX_UPLOAD_BYTES
from server.collecting.process import Child
from server.config import Settings
from server.domain.errors import InvalidInput, MalformedRequest, NotAllowed, NotFound, Problem, StorageFull, TooLarge
from server.domain.image_sets import IMAGE_SETS
from server.domain.limits import MAX_IMAGE_SIDE, MIN_IMAGE_SIDE
from server.domain.spec import DatasetName
from server.services.preparing import Maker, Preparation, Workshop
from server.storage.collections import CollectionFolders, CutOff

WAITED_FOR_REASON_S = 3.0
"""Whoever sends an archive that cannot be used is told so at once, if that is found out within this time."""

SPARE_BYTES = 500_000_000
"""So much stays free on the disk: runs have to be stored, too."""

OWN_AT_ONCE = 2
KNOWN_AT_ONCE = 1

_OWN_NAME = re.compile(r"[0-9a-f]{20}")
_NOTED_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Wishes:
    """What own pictures shall become; no side: their own when they are small, else the usual one."""

    side: int | None
    colour: Colour


class _Bounded:
    """A maker for whom there is room when its turn comes, and still when what it has made can be counted.

    How many pictures an archive holds, nobody knows before, and small files may become a collection of hundreds of
    megabytes: a bound on that would refuse a pupil's sixty photos, too. So it is made, counted, and not kept when it is
    too much; the limits of the child, and the room that stays free on the disk, are enough for that while.
    """

    def __init__(self, maker: Maker, job: Job, refuse_overfull: Callable[[], None], folders: CollectionFolders) -> None:
        self._maker = maker
        self._job = job
        self._refuse_overfull = refuse_overfull
        self._folders = folders

    def run(self, tell: Callable[[float], None]) -> None:
        """Do the job. Raises PublicError, among them StorageFull; then nothing of it is left."""
        self._refuse_overfull()
        self._maker.run(tell)
        try:
            self._refuse_overfull()
        except StorageFull:
            self._folders.delete(self._job.name)
            raise

    def stop(self) -> None:
        """End it."""
        self._maker.stop()


class ImageService:
    """Collections of one data folder. `make` makes a child process for a job, `now` is wall time with its zone."""

    def __init__(
        self,
        settings: Settings,
        folders: CollectionFolders,
        make: Callable[[Job], Maker],
        now: Callable[[], datetime],
    ) -> None:
        self._most_bytes = settings.most_images_mb * 1e6
        self._keep = timedelta(days=settings.keep_images_days)
        self._folders = folders
        self._own = Workshop(lambda job: _Bounded(make(job), job, self._refuse_overfull, folders), OWN_AT_ONCE)
        self._known = Workshop(make, KNOWN_AT_ONCE)
        self._now = now

    # ---- known sets ----

    def complete_offer(self, offer: dict[str, Any]) -> dict[str, Any]:
        """An offer of `GET /api/datasets` with what is on this server; of what is no known set, the offer as it is."""
        name = offer["name"]
        if name not in IMAGE_SETS:
            return offer
        told = self.known_set(name)
        if told["given"] is None:
            return offer | told
        count = sum(told["given"].values())
        fewest = offer["limits"]["samples"][0]
        bounds = {**offer["limits"], "samples": [fewest, count]}
        return offer | told | {"limits": bounds, "samples": min(offer["samples"], count)}

    def known_set(self, name: DatasetName) -> dict[str, Any]:
        """What is on this server of a known set."""
        known = IMAGE_SETS[name]
        # In this order: a job that ends in between has left its collection behind.
        preparation = self._known.find(name)
        about = self._folders.about(name)
        return {
            "class_names": list(known.classes),
            "given": _given(about, is_known=True) if about else None,
            "download_mb": round(known.download_bytes / 1e6, 1),
            **_state(about, preparation),
        }

    def fetch(self, raw_name: str) -> dict[str, Any]:
        """Begin to get a known set, from the data folder or the internet. Raises NotFound, StorageFull."""
        name = next((known for known in IMAGE_SETS if known == raw_name), None)
        if name is None:
            raise NotFound(f"There is no set to get with this name; there are {', '.join(IMAGE_SETS)}.", "unknown_set")
        if self._folders.about(name) is None:
            self._refuse_full(_room_for(name))
            self._known.put(self._job("named", name, Wishes(None, "auto")), lambda: None)
        return {"name": name, **self.known_set(name)}

    # ---- own pictures ----

    def receive(self, stream: BinaryIO, declared_bytes: int | None, wishes: Wishes) -> str:
        """Take an archive in and begin to make a collection of it; returns its name.

        Raises MalformedRequest, TooLarge, InvalidInput with what is wrong with it, StorageFull, ServerFull.
        """
        declared = _declared(declared_bytes)
        # As bytes, pictures are a few times as large as their files; what they really take is counted afterwards.
        self._refuse_full(2 * declared)
        name = secrets.token_hex(10)
        try:
            self._folders.receive(name, stream, declared)
        except CutOff:
            raise MalformedRequest(
                f"The zip file was cut off on its way: it does not have the {declared:,} bytes announced. Send it "
                "again.",
                "cut_off",
            ) from None
        preparation = self._put_own(name, wishes)
        preparation.looked_through.wait(WAITED_FOR_REASON_S)
        if preparation.error is not None:
            self._own.forget(name)
            raise preparation.error
        return name

    def read(self, name: str) -> dict[str, Any]:
        """State, classes and problems of own pictures; they are kept from now on as long as ever. Raises NotFound."""
        about, preparation = self._find(name)
        opened_at = self._note_opened(name)
        expires = (
            None
            if opened_at is None or (about or {}).get("is_kept")
            else datetime.fromtimestamp(opened_at, timezone.utc) + self._keep
        )
        return {
            "collection": name,
            **_state(about, preparation),
            "shape": about["shape"] if about else None,
            "classes": _classes(about) if about else [],
            "given": _given(about, is_known=False) if about else None,
            "problems": about.get("problems", []) if about else [],
            "problem_count": about.get("problem_count", 0) if about else 0,
            "expires": expires.isoformat() if expires else None,
        }

    def note_used(self, name: str) -> None:
        """A run learns from own pictures: they are kept from now on as long as ever. Other names are passed over."""
        if _OWN_NAME.fullmatch(name):
            self._note_opened(name)

    def delete(self, name: str) -> None:
        """Remove own pictures, whatever their state; nothing of them stays. Raises NotFound, NotAllowed."""
        about, _ = self._find(name)
        if about is not None and about.get("is_kept"):
            raise NotAllowed(
                "These images were put here by the person who looks after the server, for everybody; only they can "
                f"remove them: neural-playground images remove {name}"
            )
        self._own.forget(name)
        self._folders.delete(name)

    def sweep(self) -> None:
        """Remove own pictures that nobody has asked for since long."""
        oldest = (self._now() - self._keep).timestamp()
        for name in self._folders.names():
            opened_at = self._folders.opened_at(name)
            is_old = opened_at is not None and opened_at < oldest
            if _OWN_NAME.fullmatch(name) and is_old and not (self._folders.about(name) or {}).get("is_kept"):
                self._folders.delete(name)
                logging.getLogger(__name__).info("Own images that nobody has opened for long were removed.")

    def close(self) -> None:
        """Stop whatever is being prepared."""
        self._own.close()
        self._known.close()

    # ---- within ----

    def _note_opened(self, name: str) -> float | None:
        """When they were asked for last, now included, in seconds since 1970; written down at most once an hour."""
        now, opened_at = self._now(), self._folders.opened_at(name)
        if opened_at is None or now.timestamp() - opened_at <= _NOTED_AGAIN.total_seconds():
            return opened_at
        self._folders.note_opened(name, now)
        return now.timestamp()

    def _find(self, name: str) -> tuple[dict[str, Any] | None, Preparation | None]:
        is_own = _OWN_NAME.fullmatch(name) is not None
        # In this order: a job that ends in between has left its collection behind.
        preparation = self._own.find(name) if is_own else None
        about = self._folders.about(name) if is_own else None
        if about is None and preparation is None:
            raise NotFound(
                "These images are not on this server. They may have been deleted, or removed because nobody opened "
                "them for long; send them again.",
                "unknown_images",
            )
        return about, preparation

    def _put_own(self, name: str, wishes: Wishes) -> Preparation:
        try:
            return self._own.put(self._job("sent", name, wishes), lambda: self._clear_up(name))
        except Exception:
            self._folders.forget_archive(name)
            raise

    def _clear_up(self, name: str) -> None:
        """The archive goes; so does the collection when it was deleted while it was made."""
        self._folders.forget_archive(name)
        if self._own.find(name) is None:
            self._folders.delete(name)

    def _job(self, kind: Any, name: str, wishes: Wishes) -> Job:
        source = self._folders.archive(name) if kind == "sent" else self._folders.sources
        return Job(
            kind, name, source, self._folders.folder(name), self._folders.growing(name), wishes.side, wishes.colour
        )

    def _refuse_full(self, more_bytes: int) -> None:
        used = self._folders.used_bytes()
        if used + more_bytes > self._most_bytes:
            raise self._used_up(used, f"and {more_bytes / 1e6:,.0f} MB more are needed")
        self._refuse_full_disk(more_bytes)

    def _refuse_overfull(self) -> None:
        """When a job's turn comes, and when it is done: archives on their way will be gone, so they do not count."""
        used = self._folders.used_bytes() - self._folders.incoming_bytes()
        if used > self._most_bytes:
            raise self._used_up(used, "with these images, so they were not kept")
        self._refuse_full_disk(0)

    def _used_up(self, used: int, why: str) -> StorageFull:
        return StorageFull(
            f"The place for images on this server is used up: {used / 1e6:,.0f} of {self._most_bytes / 1e6:,.0f} "
            f"MB, {why}. Delete images you no longer need, choose a smaller size, or ask the person who looks after "
            "the server (setting most_images_mb).",
            "images_full",
        )

    def _refuse_full_disk(self, more_bytes: int) -> None:
        if self._folders.free_bytes() < more_bytes + SPARE_BYTES:
            raise StorageFull(
                "The disk of the server is almost full, so the images were not taken in. Tell the person who looks "
                "after the server.",
                "disk_full",
            )


def open_images(settings: Settings) -> ImageService:
    """The service of a data folder, cleared of what a server before was in the middle of. Raises OSError."""
    folders = CollectionFolders(settings.images_dir)
    folders.prepare(datetime.now(timezone.utc))
    return ImageService(settings, folders, Child, lambda: datetime.now(timezone.utc))


def parse_wishes(raw_side: str | None, raw_colour: str | None) -> Wishes:
    """Read `size` and `colour` of an address. Raises InvalidInput with both problems."""
    problems = []
    side = None
    if raw_side not in (None, "", "auto"):
        side = int(raw_side) if raw_side.isascii() and raw_side.isdigit() and len(raw_side) < 5 else -1
        if not MIN_IMAGE_SIDE <= side <= MAX_IMAGE_SIDE:
            expected = f"{MIN_IMAGE_SIDE} to {MAX_IMAGE_SIDE}, or auto"
            problems.append(_wrong("size", expected, raw_side))
    colour = raw_colour or "auto"
    if colour not in COLOURS:
        problems.append(_wrong("colour", " or ".join(COLOURS), raw_colour))
    if problems:
        raise InvalidInput(problems[0].message, "invalid_wish", tuple(problems))
    return Wishes(side, colour)  # type: ignore[arg-type] # it is one of COLOURS


def _wrong(field: str, expected: str, received: object) -> Problem:
    message = f"{field} must be {expected}, but {received!r} was received."
    return Problem(field, "wrong_value", message, expected, received)


def _declared(declared_bytes: int | None) -> int:
    if not declared_bytes:
        raise MalformedRequest(
            "No file came with this request: send a zip file as its body, with its length in the header "
            "'Content-Length'.",
            "no_file",
        )
    if declared_bytes > MAX_UPLOAD_BYTES:
        raise TooLarge(
            f"The zip file has {declared_bytes / 1e6:,.1f} MB, but at most {MAX_UPLOAD_BYTES / 1e6:,.0f} MB are "
            "accepted. Make the pictures smaller or take fewer."
        )
    return declared_bytes


def _room_for(name: DatasetName) -> int:
    height, width, channels = IMAGE_SETS[name].shape
    return 70_000 * height * width * channels


def _state(about: dict[str, Any] | None, preparation: Preparation | None) -> dict[str, Any]:
    if about is not None:
        return {"state": "ready", "progress": None, "message": None, "code": None}
    if preparation is None:
        return {"state": "missing", "progress": None, "message": None, "code": None}
    if error := preparation.error:
        return {"state": "failed", "progress": None, "message": error.message, "code": error.code}
    return {"state": "preparing", "progress": preparation.progress or 0.0, "message": None, "code": None}


def _given(about: dict[str, Any], *, is_known: bool) -> dict[str, int] | None:
    """The set's own two parts; own pictures without folders for them have none."""
    if not is_known and not about["test_count"]:
        return None
    return {"train": about["train_count"], "test": about["test_count"]}


def _classes(about: dict[str, Any]) -> list[dict[str, Any]]:
    counts = about.get("class_counts", [0] * len(about["classes"]))
    return [{"name": name, "count": count} for name, count in zip(about["classes"], counts, strict=False)]
