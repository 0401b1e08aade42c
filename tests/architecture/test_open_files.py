"""Which modules of the server may open files, and that none asks a stranger's server or makes JSON its own way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = sorted((ROOT / "server").rglob("*.py"))

FILE_CALLS = {
    "copyfile",
    "fdopen",
    "iterdir",
    "mkdir",
    "open",
    "read_bytes",
    "read_text",
    "rglob",
    "rmtree",
    "send_file",
    "send_from_directory",
    "symlink_to",
    "unlink",
    "write_bytes",
    "write_text",
}

MAY_OPEN_FILES = {
    "server/collecting/__main__.py": "its own output",
    "server/collecting/keras_sets.py": "sizes in Keras' own folder",
    "server/collecting/array_files.py": "files of the data folder, by names of ours",
    "server/collecting/idx_files.py": "files of the data folder, by names of ours",
    "server/collecting/named_sets.py": "files of the data folder, by names of ours",
    "server/collecting/picture_folder.py": "below a folder that the server's keeper names; links are not followed",
    "server/collecting/pictures.py": "bytes in memory",
    "server/collecting/process.py": "a folder that it makes for a moment",
    "server/collecting/writing.py": "a collection's own three files",
    "server/collecting/zip_archive.py": "the archive itself, and what lies in it, in memory: no name of it is a path",
    "server/images_terminal.py": "the command line: the data folder",
    "server/assets.py": "our own modules, whose names stand in each other",
    "server/exports/__main__.py": "the folder that its parent makes for a moment",
    "server/exports/deployment.py": "a folder that it makes for a moment",
    "server/datasets/collections.py": "collections, by names that are ours or were checked at the door",
    "server/exports/keras_file.py": "a folder that it makes for a moment",
    "server/exports/tfjs.py": "a folder that it makes for a moment",
    "server/routes/compression.py": "static files, which Flask has found by safe_join",
    "server/scheduling/encryption.py": "certificates that the settings name",
    "server/services/bases.py": "a folder that it makes for a moment, and Keras' own, by Keras' own names",
    "server/scripts/sources.py": "our own modules",
    "server/training/embeddings.py": "a collection's own folder, by names made of numbers and digests",
    "server/training/fetch_base.py": "the folder of bases, by Keras' own names",
    "server/take_home/modules.py": "our own modules, whose names stand in each other",
    "server/take_home/page.py": "our own scripts, styles and texts",
    "server/terminal.py": "the command line: what its user names",
}
"""Beside server/storage, and why no text of a client can be the name of a file there."""

NO_FILES = {
    "server/datasets/splits.py": {"open"},  # collections
    "server/worker.py": {"open"},  # mailboxes, places
}

CLIENTS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httplib2",
    "httpx",
    "poplib",
    "pycurl",
    "requests",
    "smtplib",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "websocket",
    "xmlrpc",
}
FETCHING_CALLS = {"get_file", "urlopen", "urlretrieve"}
NEVER_IMPORTED = {"marshal", "pickle", "shelve"}
RUN_TEXT = {"eval", "exec", "__import__", "system", "popen", "Popen"}
STARTS_PROCESSES = {
    ("server/collecting/process.py", "Popen"),  # our own module, under limits; no text of a client
    ("server/exports/deployment.py", "Popen"),  # our own module, with a file of ours; no text of a client
}


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _calls(code: str) -> set[str]:
    called = (node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in called}


def _imports(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _opens_files(file: Path) -> set[str]:
    return (_calls(file.read_text("utf-8")) & FILE_CALLS) - NO_FILES.get(_name(file), set())


@pytest.mark.parametrize(
    ("code", "found"),
    [("open('a')", {"open"}), ("path.read_bytes()", {"read_bytes"}), ("f(Path(a).open())", {"open", "f", "Path"})],
)
def test_the_measure_finds_calls(code: str, found: set[str]) -> None:
    assert _calls(code) >= found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("import http", "http"),
    ],
)
def test_the_measure_finds_imports(code: str, found: str) -> None:
    assert found in set(_imports(code))


def test_only_storage_and_those_with_a_reason_open_files() -> None:
    opening = {_name(file) for file in SERVER if _opens_files(file) and "server/storage/" not in _name(file)}
    assert opening == MAY_OPEN_FILES.keys()


def test_no_route_sends_a_file_by_its_path() -> None:
    routes = {_name(file): _calls(file.read_text("utf-8")) for file in SERVER if "server/routes/" in _name(file)}
    assert {name for name, calls in routes.items() if calls & {"send_file", "send_from_directory"}} == set()


def test_the_server_asks_no_other_server() -> None:
    """Dask's own connections are in server/scheduling, to the address that the settings name; Keras' loaders of three
    known sets ask theirs in a process of their own, when somebody presses Get (server/collecting/keras_sets.py)."""
    clients = {(_name(file), name) for file in SERVER for name in _imports(file.read_text("utf-8"))}
    assert {(file, name) for file, name in clients if name in CLIENTS or name.partition(".")[0] in CLIENTS} == set()
    assert {_name(file) for file in SERVER if _calls(file.read_text("utf-8")) & FETCHING_CALLS} == set()


def test_the_server_runs_no_text_as_a_program_and_unpacks_no_objects() -> None:
    names = {(_name(file), name) for file in SERVER for name in _imports(file.read_text("utf-8"))}
    assert {(file, name) for file, name in names if name.partition(".")[0] in NEVER_IMPORTED} == set()
    running = {(_name(file), call) for file in SERVER for call in _calls(file.read_text("utf-8")) & RUN_TEXT}
    assert running == STARTS_PROCESSES


def test_one_serializer_makes_the_json_that_leaves_the_server() -> None:
    """`to_json` alone makes null of not-a-number; the web process writes no other JSON but to its log."""
    making = {_name(file) for file in SERVER if {"dumps", "jsonify"} & _calls(file.read_text("utf-8"))}
    assert making <= {
        "server/domain/events.py",  # to_json
        "server/domain/validation.py",  # to read it again at once, and to quote what was received in a sentence
        "server/collecting/process.py",  # limits for its own child
        "server/log_lines.py",
        "server/scheduling/outbox.py",  # from worker to web process, where not-a-number still means something
        "server/services/scripts.py",  # a notebook, on several lines; refuses not-a-number
    }
