"""Model files changed at random: none of them may do anything but be opened or be refused.

`fuzz(count, seed)` makes and opens mutants in child processes, so that a crash of a library is a finding too, not the
end. The same count and seed give the same mutants: python -m tests.converter.keras_files.fuzz COUNT SEED
"""

from __future__ import annotations

import copy
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
_BATCH = 2_000
_WATCHED = ("open", "os.fork", "os.link", "os.mkdir", "os.posix_spawn", "os.remove", "os.rename", "os.system")


@dataclass
class FuzzReport:
    """What became of the mutants.

    `failures` are exceptions that are no refusals, crashes, and forbidden acts. `memory_growth_bytes` is how much the
    highest use of memory rose over a batch, `largest_growth_bytes` how much it rose by one mutant.
    """

    count: int = 0
    seconds: float = 0.0
    opened: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    memory_growth_bytes: int = 0
    largest_growth_bytes: int = 0

    def add(self, other: FuzzReport) -> None:
        """Take in what another batch gave."""
        self.count += other.count
        self.seconds += other.seconds
        self.opened += other.opened
        self.refused = dict(Counter(self.refused) + Counter(other.refused))
        self.failures += other.failures
        self.memory_growth_bytes = max(self.memory_growth_bytes, other.memory_growth_bytes)
        self.largest_growth_bytes = max(self.largest_growth_bytes, other.largest_growth_bytes)


def fuzz(count: int, seed: int) -> FuzzReport:
    """Open `count` mutants, in batches, each in a process of its own."""
    report = FuzzReport()
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.converter.keras_files.fuzz",
                "--child",
                str(size),
                str(seed * 1_000_000 + start),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        if done.returncode != 0:
            report.add(FuzzReport(size, failures=[f"batch {start} died ({done.returncode}): {done.stderr[-1500:]}"]))
        else:
            report.add(FuzzReport(**json.loads(done.stdout.splitlines()[-1])))
    return report


# ---- Mutations ------------------------------------------------------------------------------------------------

_NUMBERS = [0, -1, 1, 2, 7, 255, 256, 65_536, 10**6, 2**31, 2**63, 10**30, 0.5, -0.0, 1e38, 1e308, True, False]
_TEXTS = [
    "",
    "x",
    "/etc/passwd",
    "../x",
    "relu",
    "Dense",
    "Lambda",
    "float16",
    "keras",
    "os",
    "same",
    "a" * 500,
    "\x00",
]
_CLASSES = [
    *(
        "Dense",
        "Lambda",
        "LSTM",
        "Functional",
        "Sequential",
        "InputLayer",
        "Conv2D",
        "TFSMLayer",
        "RNN",
        "Bidirectional",
    ),
    *("__lambda__", "__numpy__", "__keras_tensor__", "function", "GetItem", "Add", "Reshape", "TimeDistributed"),
    *("Embedding", "MultiHeadAttention", "Normalization", "EinsumDense", "Attention", "PReLU", "Resizing"),
]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, item in pairs:
        yield value, key
        if isinstance(item, (dict, list)):
            yield from _places(item)


def _another_value(value: Any, chance: random.Random, known: list[Any]) -> Any:
    makers: list[Callable[[], Any]] = [
        lambda: chance.choice(_NUMBERS),
        lambda: chance.choice(_TEXTS),
        lambda: copy.deepcopy(chance.choice(known)),
        lambda: None,
        lambda: [value],
        lambda: [value] * chance.choice([0, 2, 8, 300]),
        lambda: {"class_name": chance.choice(_CLASSES), "config": value},
        lambda: value * chance.choice([-1, 2, 10, 1_000]) if isinstance(value, (int, float)) else {},
        lambda: [chance.choice(_NUMBERS) for _ in range(chance.randrange(5))],
    ]
    return chance.choice(makers)()


def _mutate_json(config: Any, chance: random.Random) -> Any:
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        places = list(_places(config))
        container, key = chance.choice(places)
        act = chance.randrange(6)
        if act == 0:
            del container[key]
        elif act == 1 and key == "class_name":
            container[key] = chance.choice(_CLASSES)
        elif act == 2 and isinstance(container, dict):
            container[chance.choice(["units", "name", "dtype", "axis", "surprise", "batch_shape"])] = container[key]
        else:
            container[key] = _another_value(container[key], chance, [place[key] for place, key in places])
        if not config:
            break
    return config


def _mutate_bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    act = chance.randrange(5)
    if act == 0:
        return bytes(changed[: chance.randrange(len(changed))])
    if act == 1:
        at, size = chance.randrange(len(changed)), chance.randrange(1, 200)
        changed[at:at] = changed[at : at + size]
    elif act == 2:
        at = chance.randrange(len(changed))
        changed[at : at + chance.randrange(1, 64)] = chance.choice([b"\x00", b"\xff"]) * chance.randrange(1, 64)
    else:
        for _ in range(chance.choice([1, 2, 8, 32])):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _mutate_directory(content: bytes, chance: random.Random) -> bytes:
    """Change the headers of a zip file: sizes, offsets, methods, flags, counts."""
    changed = bytearray(content)
    starts = [at for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for at in _all(content, mark)]
    if not starts:
        return _mutate_bytes(content, chance)
    for _ in range(chance.choice([1, 1, 3])):
        at = chance.choice(starts) + chance.randrange(4, 46)
        width = chance.choice([1, 2, 4])
        value = chance.choice([0, 1, 8, 255, 2**16 - 1, 2**32 - 1, chance.randrange(2**32)])
        changed[at : at + width] = (value % 256**width).to_bytes(width, "little")
    return bytes(changed)


def _all(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def _mutate_store(content: bytes, chance: random.Random) -> bytes:
    """Change the arrays, links and attributes of an HDF5 file by HDF5's own means, or its bytes."""
    if chance.random() < 0.4:
        return _mutate_bytes(content, chance)
    stream = io.BytesIO(content)
    with h5py.File(stream, "r+") as store:
        names: list[str] = []
        store.visit(names.append)
        for name in chance.sample(names, chance.choice([1, 1, 2])):
            with suppress(KeyError, OSError, RuntimeError, ValueError):  # the other change took it away
                _mutate_object(store, name, chance)
    return stream.getvalue()


def _mutate_object(store: h5py.File, name: str, chance: random.Random) -> None:
    act = chance.randrange(7)
    shape = store[name].shape if isinstance(store[name], h5py.Dataset) else (2, 2)
    del store[name]
    if act == 1:
        store[name] = h5py.SoftLink(chance.choice(["/", "/nothing", f"/{name}"]))
    elif act == 2:
        store[name] = h5py.ExternalLink("/etc/passwd", "/")
    elif act == 3:
        store.create_dataset(
            name, (*shape, 3)[: chance.randrange(1, len(shape) + 2)], chance.choice(["f2", "f8", "i4"])
        )
    elif act == 4:
        store.create_dataset(name, (2**40,) * max(1, len(shape)), "f4", chunks=(64,) * max(1, len(shape)))
    elif act == 5:
        store.create_dataset(name, data=np.full(shape, np.nan, "f4"))
    elif act == 6:
        store.create_dataset(name, data=[b"text"])


def _mutate_archive(content: bytes, chance: random.Random) -> bytes:
    act = chance.randrange(10)
    if act == 0:
        return _mutate_bytes(content, chance)
    if act == 1:
        return _mutate_directory(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    if act in (2, 3):
        entries["model.weights.h5"] = _mutate_store(entries["model.weights.h5"], chance)
    else:
        config = _mutate_json(json.loads(entries["config.json"]), chance)
        entries["config.json"] = json.dumps(config).encode("utf-8", "replace")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, entry in entries.items():
            archive.writestr(name, entry)
    return packed.getvalue()


def _mutate_legacy(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.4:
        return _mutate_store(content, chance)
    stream = io.BytesIO(content)
    with h5py.File(stream, "r+") as store:
        config = _mutate_json(json.loads(store.attrs["model_config"]), chance)
        store.attrs["model_config"] = json.dumps(config).replace("\\u0000", "")
    return stream.getvalue()


def mutant(seeds: list[bytes], number: int) -> bytes:
    """The mutant of this number."""
    chance = random.Random(number)
    content = chance.choice(seeds)
    return (_mutate_archive if content.startswith(b"PK") else _mutate_legacy)(content, chance)


# ---- In the child ---------------------------------------------------------------------------------------------


def write_seeds(folder: Path) -> list[bytes]:
    """Small model files of many kinds."""
    from tests.converter.keras_files import handmade, zoo

    paths = [handmade.make_file(folder / "small.keras"), handmade.make_legacy(folder / "keras2.h5")]
    for name in ("memories", "masked", "shared", "nested", "functions", "attention", "half_precision"):
        for ending in ("keras", "h5") if name in ("memories", "nested") else ("keras",):
            paths.append(folder / f"{name}.{ending}")
            zoo.MODELS[name]().save(paths[-1])
    return [path.read_bytes() for path in paths]


def _state() -> list[object]:
    """What a file must not be able to change."""
    import keras

    return [
        keras.config.dtype_policy().name,
        keras.config.floatx(),
        keras.config.epsilon(),
        keras.config.image_data_format(),
        keras.config.is_interactive_logging_enabled(),
        sorted(keras.saving.get_custom_objects()),
        hash(random.getstate()),
        hash(np.random.get_state()[1].tobytes()),
        sorted(os.environ),
        os.getcwd(),
    ]


def _peak_bytes() -> int:
    """The most memory this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Watch:
    """Notes what a file makes the process do; TensorFlow and Keras may still load parts of themselves."""

    def __init__(self, path: Path) -> None:
        self.is_on = False
        self.seen: list[str] = []
        self._allowed = (str(path), *(str(Path(one).resolve()) for one in (sys.prefix, sys.base_prefix, ROOT)))
        sys.addaudithook(self._note)

    def _note(self, event: str, details: tuple[Any, ...]) -> None:
        is_watched = event in _WATCHED or event.startswith(("socket.", "subprocess."))
        if self.is_on and is_watched and not (event == "open" and str(details[0]).startswith(self._allowed)):
            self.seen.append(f"{event}: {details[0]!r}")


def _open_mutants(count: int, start: int, open_model: Callable[[Path], object], seeds: list[bytes]) -> FuzzReport:
    from converter.errors import ConversionError

    report = FuzzReport(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.keras"
        watch = _Watch(path)
        for number in range(start, start + count):
            path.write_bytes(mutant(seeds, number))
            before = _peak_bytes()
            watch.is_on = True
            try:
                open_model(path)
                report.opened += 1
            except ConversionError as refusal:
                report.refused[refusal.code] = report.refused.get(refusal.code, 0) + 1
                if "\n" in str(refusal):
                    report.failures.append(f"mutant {number}: {refusal!r} takes more than one line")
            except Exception:
                report.failures.append(f"mutant {number}: {traceback.format_exc(limit=-4)}")
            watch.is_on = False
            report.largest_growth_bytes = max(report.largest_growth_bytes, _peak_bytes() - before)
    report.failures += watch.seen
    return report


def _child(count: int, start: int) -> FuzzReport:
    import faulthandler

    faulthandler.enable()
    from converter.keras_files import open_model

    with tempfile.TemporaryDirectory() as folder:
        seeds = write_seeds(Path(folder))
        for number, seed in enumerate(seeds):  # loads whatever Keras loads late, and shows that the seeds are good
            path = Path(folder) / f"seed{number}"
            path.write_bytes(seed)
            open_model(path)
    before, peak, started = _state(), _peak_bytes(), time.perf_counter()
    report = _open_mutants(count, start, open_model, seeds)
    report.seconds = time.perf_counter() - started
    report.memory_growth_bytes = _peak_bytes() - peak
    report.failures += [f"changed: {old} to {new}" for old, new in zip(before, _state(), strict=True) if old != new]
    return report


def main() -> None:
    """Run as a child, or print a report."""
    if sys.argv[1] == "--child":
        print(json.dumps(asdict(_child(int(sys.argv[2]), int(sys.argv[3])))))
    else:
        print(fuzz(int(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
