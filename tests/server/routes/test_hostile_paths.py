"""No text of a client becomes a path: sixty hostile ones, in every place of every address."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask

from server.app import Services
from server.config import Settings
from tests.builders import make_event, make_status
from tests.http_client import CheckedClient

SECRET = "a secret of the machine"

CLIMBING = [
    "..",
    "../",
    "../..",
    "../../secret.txt",
    "../../../../../../etc/passwd",
    "..//..//secret.txt",
    "./../secret.txt",
    "x/../../secret.txt",
    "..;/secret.txt",
    "..\\..\\secret.txt",
    "..\\",
    ".../...//secret.txt",
    "....//....//secret.txt",
    "..%2fsecret.txt",
    "..%5csecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "%c0%ae%c0%ae%c0%afsecret.txt",
    "%uff0e%uff0e/secret.txt",
    "\uff0e\uff0e/secret.txt",
    "..\u2215secret.txt",
    "..\u2044..\u2044secret.txt",
]
ABSOLUTE = [
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\share\\x",
    "\\\\?\\C:\\secret.txt",
    "C:",
    "C:\\secret.txt",
    "C:/secret.txt",
    "file:///etc/passwd",
    "http://evil.example/x",
    "~",
    "~root/.ssh/id_rsa",
    "$HOME",
]
ODD = [
    ".",
    "...",
    " ",
    "\t",
    "\n",
    "a\r\nX-Evil: 1",
    "\0",
    "model.json\0",
    "model.json\0.txt",
    "con.json",
    "NUL",
    "model.json ",
    "model.json.",
    "model.json::$DATA",
    "MODEL.JSON",
    ";",
    "model.json;x",
    "#",
    "model.json#x",
    "?",
    "*",
    "{run_id}",
    "<script>alert(1)</script>",
    "' OR '1'='1",
    "\udcff",
    "\u202egpj.exe",
    "0" * 4096,
    "é" * 300,
    "playground.db",
    "weights.json",
    "current",
    "../data-neighbour/secret.txt",
]
CORPUS = [*CLIMBING, *ABSOLUTE, *ODD]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Thousands of failures from one address shall each be told their reason."""
    return replace(settings, most_failures_per_minute=1_000_000, most_uploads_per_minute=1_000_000)


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> None:
    """Files that a path could lead to: beside the data folder, above it, and in a folder whose name begins alike."""
    neighbour = Path(f"{settings.data_dir}-neighbour")
    neighbour.mkdir()
    for folder in (settings.data_dir.parent, settings.data_dir, neighbour):
        folder.mkdir(exist_ok=True)
        (folder / "secret.txt").write_text(SECRET)


@pytest.fixture
def run_id(client: CheckedClient, services: Services) -> str:
    """A run that has all its files."""
    made = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", made), make_event("frame", made)])
    assert client.get(f"/api/runs/{made}/model/model.json").status_code == 200
    return made


def _places(app: Flask, run_id: str) -> list[tuple[str, str, str]]:
    """(method, address with one gap written {}, endpoint) of every place where a client's text goes into an address."""
    places = []
    for rule in app.url_map.iter_rules():
        for gap in rule.arguments:
            address = re.sub(rf"<(?:path:)?{gap}>", "{}", rule.rule)
            address = address.replace("<run_id>", run_id).replace("<name>", "model.json")
            places += [(method, address, rule.endpoint) for method in (rule.methods or set()) - {"OPTIONS"}]
    return sorted(places)


def test_the_corpus_has_sixty_texts_and_every_place_is_found(app: Flask) -> None:
    assert len(set(CORPUS)) >= 60
    places = {(endpoint, address.count("{}")) for _, address, endpoint in _places(app, "a" * 20)}
    assert {endpoint for endpoint, _ in places} == {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.arguments
    }
    assert {gaps for _, gaps in places} == {1}


def _writings(text: str) -> list[str]:
    """As it is where an address may have it so, encoded once, and encoded twice."""
    once = quote(text.encode("utf-8", "surrogateescape"), safe="")
    plain = [text] if text.isascii() and text.isprintable() and not {"?", "#", " "} & set(text) else []
    return [*plain, once, quote(once, safe="")]


@pytest.mark.parametrize("texts", [CLIMBING, ABSOLUTE, ODD], ids=["climbing", "absolute", "odd"])
def test_a_hostile_text_leads_nowhere(
    app: Flask, client: CheckedClient, settings: Settings, run_id: str, texts: list[str]
) -> None:
    files_before = _files(settings.data_dir.parent)
    places = _places(app, run_id)
    for target, (method, address, _) in product((each for text in texts for each in _writings(text)), places):
        # No test client may tidy up what stands there, so the path is put into the request as it is.
        answer = client.open("/", method=method, environ_overrides=_raw_path(address.format(target)))
        told = f"{method} {address.format(target[:100])!r} answered {answer.status_code}"
        assert answer.status_code in (400, 404, 405), told
        assert SECRET.encode() not in answer.data, told
        assert "Location" not in answer.headers, told
        answer.close()
    assert _files(settings.data_dir.parent) == files_before
    assert client.get(f"/api/runs/{run_id}").status_code == 200


def _raw_path(target: str) -> dict[str, str]:
    """PATH_INFO as a web server makes it: decoded once, bytes as Latin-1."""
    return {"PATH_INFO": unquote_to_bytes(target).decode("latin-1"), "RAW_URI": target, "QUERY_STRING": ""}


def _files(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*") if not path.name.endswith(("-wal", "-shm"))}


@pytest.mark.parametrize("method", ["GET", "DELETE", "POST"])
def test_no_answer_tells_whether_a_run_is_missing_or_was_never_there(
    app: Flask, client: CheckedClient, services: Services, method: str
) -> None:
    """The same 404 for a run that was deleted, one that never was, and what could not be one."""
    deleted = services.runs.start_run({}).run_id
    assert client.delete(f"/api/runs/{deleted}").status_code == 204
    for rule in app.url_map.iter_rules():
        if "run_id" not in rule.arguments or method not in (rule.methods or ()):
            continue
        address = rule.rule.replace("<name>", "model.json")
        body = {"json": {"action": "pause"}} if method == "POST" else {}
        answers = [
            client.open(address.replace("<run_id>", run_id), method=method, **body)
            for run_id in (deleted, "0" * 20, "f" * 20, "x", "a" * 500)
        ]
        assert {answer.status_code for answer in answers} == {404}, rule.rule
        assert len({answer.data for answer in answers}) == 1, rule.rule
