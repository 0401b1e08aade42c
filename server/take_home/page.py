"""One HTML file with a network, what asks it, and TensorFlow.js inside: it opens from a disk, without internet.

The file may load nothing at all: its policy names the very scripts and styles that are in it by their hashes.
"""

import base64
import gzip
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from server.domain.events import Payload, to_json
from server.domain.shapes import plan_network
from server.domain.spec import input_shape, kind_of
from server.take_home.about import About
from server.take_home.modules import joined_modules

ENTRY = "js/offline.js"
MOST_FOR_SCRIPT = 2_000_000
"""Multiplications of one answer that TensorFlow.js' plain script does in about 10 ms. What asks for more gets the
kernels in WebAssembly, too: 59 million take 7 ms instead of 300, and the file grows by 0.4 MB."""

_ASKED_AT_ONCE = {"image": 1, "plane": 2_500, "curve": 250}
"""Places that are asked about for one picture."""

_PROBED = 4
_STYLES = ("tokens", "base", "views/badge", "views/images/draw", "views/offline")
_TEXTS = ("offline.", "images.draw.", "images.answer", "check.", "quality.class")
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True)
class PageParts:
    """What the template puts together; scripts and styles are our own code, `data` is JSON that no tag can end."""

    about: About
    policy: str
    styles: str
    scripts: tuple[str, ...]
    data: str
    kernels: str | None
    """The kernels in WebAssembly, gzip and base64."""


def page_parts(about: About, model_files: Mapping[str, bytes], static: Path) -> PageParts:
    """The parts of the page of a network; `model_files` are `model.json`, its shards and `probe.json`."""
    model = json.loads(model_files["model.json"])
    is_fast = _multiplications(about) > MOST_FOR_SCRIPT
    scripts = _scripts(static, is_graph=model.get("format") == "graph-model", is_fast=is_fast)
    styles = _styles(static)
    return PageParts(
        about=about,
        policy=_policy(scripts, styles, is_fast=is_fast),
        styles=styles,
        scripts=scripts,
        data=as_data(_data(about, model, model_files) | {"texts": _texts(static, about)}),
        kernels=_kernels(static / "vendor/tfjs/tfjs-backend-wasm-simd.wasm") if is_fast else None,
    )


def as_data(payload: Payload) -> str:
    """JSON that may stand in a script element: nothing in it begins or ends a tag or a comment."""
    return to_json(payload).replace("<", "\\u003c")


def _data(about: About, model: dict[str, Any], files: Mapping[str, bytes]) -> Payload:
    paths = [path for group in model["weightsManifest"] for path in group["paths"]]
    dataset = about.spec.dataset
    return {
        "runId": about.run_id,
        "epoch": about.epoch,
        "title": about.title,
        "kind": kind_of(dataset.name),
        "shape": list(input_shape(about.spec)),
        "classes": list(about.classes),
        "spec": _without_names(about.spec.model_dump(mode="json")),
        "model": model,
        "weights": base64.b64encode(b"".join(files[path] for path in paths)).decode("ascii"),
        "probe": _shortened(json.loads(files["probe.json"])),
    }


def _without_names(spec: Payload) -> Payload:
    """Whoever knows the name of own pictures sees them and may delete them: it stays at home."""
    return {**spec, "dataset": {**spec["dataset"], "images": None}}


def _shortened(probe: dict[str, Any]) -> dict[str, Any]:
    """A few rows show as well whether the browser answers as Keras did, and each number of a picture is written out."""

    def few(part: dict[str, Any]) -> dict[str, Any]:
        rows, *shape = part["shape"]
        kept = min(rows, _PROBED)
        return part | {"shape": [kept, *shape], "data": part["data"][: kept * math.prod(shape)]}

    return probe | {"inputs": [*map(few, probe["inputs"])], "outputs": [*map(few, probe["outputs"])]}


def _texts(static: Path, about: About) -> Payload:
    """What the page says, in each language."""
    name = about.spec.dataset.name
    named = (*_TEXTS, f"images.class.{name}.", f"dataset.{name}")
    texts = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((static / "locales").glob("*.json"))}
    return {
        language: {key: text for key, text in all_texts.items() if key.startswith(named)}
        for language, all_texts in texts.items()
    }


def _multiplications(about: About) -> int:
    """Of one picture; those of a base are many."""
    spec = about.spec
    if spec.base is not None:
        return MOST_FOR_SCRIPT + 1
    one = sum(plan.multiplications for plan in plan_network(spec))
    return one * _ASKED_AT_ONCE[kind_of(spec.dataset.name)]


def _scripts(static: Path, *, is_graph: bool, is_fast: bool) -> tuple[str, ...]:
    """In the order in which they run. The library falls back to evaluating text unless its first name is there."""
    parts = [
        "core",
        "layers",
        *(["converter"] if is_graph else []),
        "backend-cpu",
        *(["backend-wasm"] if is_fast else []),
    ]
    library = [_library(static / f"vendor/tfjs/tf-{part}.min.js") for part in parts]
    return ("var regeneratorRuntime;", *library, _inert(joined_modules(static / ENTRY)))


@lru_cache(maxsize=8)
def _library(path: Path) -> str:
    without_map = re.sub(r"\n//# sourceMappingURL=.*", "", path.read_text("utf-8"))
    return _inert(without_map)


@lru_cache(maxsize=1)
def _kernels(path: Path) -> str:
    return base64.b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode("ascii")


def _inert(script: str) -> str:
    """Code in which no element ends: such text stands in strings only, where a backslash changes nothing."""
    return re.sub(r"<(?=/script|script|!--)", r"\\x3C", script, flags=re.IGNORECASE)


def _styles(static: Path) -> str:
    """The page's own styles, without fonts and comments."""
    sheets = "".join((static / f"css/{name}.css").read_text("utf-8") for name in _STYLES)
    return _FONT_FACE.sub("", _COMMENT.sub("", sheets))


def _policy(scripts: tuple[str, ...], styles: str, *, is_fast: bool) -> str:
    """Nothing is loaded, nothing is sent; only these very scripts run. The empty icon is asked for by no request."""
    hashes = [*map(_hash, scripts), *(["'wasm-unsafe-eval'"] if is_fast else [])]
    return (
        f"default-src 'none'; script-src {' '.join(hashes)}; style-src {_hash(styles)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
