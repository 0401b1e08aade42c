"""What is compressed, what never is, and that the browser's copy stays valid."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from server.app import Services
from server.assets import assets_dir
from tests.builders import make_status
from tests.http_client import CheckedClient

READS_GZIP = {"Accept-Encoding": "gzip, deflate"}
FILE = "js/pages/playground.js"


@pytest.mark.parametrize("name", ["locales/en.json", "vendor/uplot/uPlot.esm.js"])
def test_a_static_file_goes_out_compressed_and_whole(client: CheckedClient, name: str) -> None:
    answer = client.get(f"/static/{name}", headers=READS_GZIP)

    original = (assets_dir("static") / name).read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(original)
    assert gzip.decompress(answer.data) == original


@pytest.mark.parametrize("name", [FILE, "css/base.css"])
def test_comments_stay_behind_and_lines_keep_their_numbers(client: CheckedClient, name: str) -> None:
    answer = client.get(f"/static/{name}", headers=READS_GZIP)

    sent = gzip.decompress(answer.data).decode().split("\n")
    original = (assets_dir("static") / name).read_text(encoding="utf-8").split("\n")
    assert len(sent) == len(original)
    kept = [(line, other) for line, other in zip(sent, original, strict=True) if line]
    assert all(line == other for line, other in kept)
    gone = [other.strip() for line, other in zip(sent, original, strict=True) if other and not line]
    assert gone
    assert len(b"\n".join(line.encode() for line, _ in kept)) < len("\n".join(original).encode())


def test_no_text_of_ours_looks_like_a_comment_of_its_own_line() -> None:
    """What leaves comments out reads lines, not the language: a text over several lines must not deceive it."""
    for path in (assets_dir("static") / "js").rglob("*.js"):
        for text in re.findall(r"`[^`]*`", path.read_text(encoding="utf-8")):
            assert not re.search(r"\n\s*(?://|/\*)", text), path


def test_a_browser_that_reads_no_gzip_gets_the_file_as_it_is(client: CheckedClient) -> None:
    answer = client.get(f"/static/{FILE}", headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.data == (assets_dir("static") / FILE).read_bytes()
    answer.close()


@pytest.mark.parametrize("headers", [READS_GZIP, {}])
def test_a_copy_of_either_coding_is_still_valid(client: CheckedClient, headers: dict[str, str]) -> None:
    first = client.get(f"/static/{FILE}", headers=headers)
    tag = first.headers["ETag"]
    first.close()

    again = client.get(f"/static/{FILE}", headers={**READS_GZIP, "If-None-Match": tag})
    assert tag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    again.close()


def test_a_file_that_was_changed_is_compressed_anew(app: Flask, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)
    client = app.test_client()
    for text in ("1;" * 1000, "22;" * 1000):
        (tmp_path / "own.js").write_text(text)
        assert gzip.decompress(client.get("/static/own.js", headers=READS_GZIP).data).decode() == text


def test_part_of_a_file_is_sent_as_it_is(client: CheckedClient) -> None:
    answer = client.get(f"/static/{FILE}", headers={**READS_GZIP, "Range": "bytes=0-9"})

    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    answer.close()


@pytest.mark.parametrize("address", ["/", "/api/spec", "/api/datasets"])
def test_a_large_answer_is_compressed(client: CheckedClient, address: str) -> None:
    plain, packed = client.get(address), client.get(address, headers=READS_GZIP)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_a_small_answer_and_a_font_stay_as_they_are(client: CheckedClient) -> None:
    for address in ("/healthz", "/static/vendor/inter/inter-latin-wght-normal.woff2"):
        answer = client.get(address, headers=READS_GZIP)
        assert "Content-Encoding" not in answer.headers
        answer.close()


def test_a_stream_of_events_is_never_compressed(client: CheckedClient, services: Services) -> None:
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_status("finished", run_id)])
    answer = client.get(f"/api/runs/{run_id}/events", headers=READS_GZIP)

    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers
    answer.close()
