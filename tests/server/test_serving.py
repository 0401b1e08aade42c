"""What the web server refuses by itself, before the application sees it, and what it hands on."""

import gzip
import socket
from collections.abc import Iterator
from dataclasses import replace
from email.parser import BytesParser

import pytest

from server.app import Services
from server.config import Settings
from server.domain.limits import MAX_BODY_BYTES
from server.serving import (
    BUFFERED_BODY_BYTES,
    BUFFERED_UPLOAD_BYTES,
    EVERYWHERE,
    MOST_HEADER_BYTES,
    UPLOAD_PATH,
    addresses_told,
)
from tests.http_client import check_trust, strict_json
from tests.sse.served_app import ServedApp

HOST = b"Host: 127.0.0.1\r\n"


@pytest.fixture
def served(settings: Settings, services: Services) -> Iterator[ServedApp]:
    """The application behind the real web server; a place is all it has for streams."""
    made = ServedApp(replace(settings, most_streams=1), services)
    yield made
    made.stop()


def _ask(served: ServedApp, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to some bytes; the server has to close the connection."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    status_line, _, header_lines = head.partition(b"\r\n")
    headers = dict(BytesParser().parsebytes(header_lines).items())
    return int(status_line.split()[1]), headers, body


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400, "bad_request", id="a header without a name"),
        pytest.param(b"GET / HTTP/1.1\r\nA B: x\r\n\r\n", 400, "bad_request", id="a space in the name of a header"),
        pytest.param(b"GET\x00/ HTTP/1.1\r\n\r\n", 400, "bad_request", id="NUL"),
        pytest.param(b"nonsense\r\n\r\n", 400, "bad_request", id="no HTTP"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "bad_request", id="a length below nothing"),
        pytest.param(
            b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400, "bad_request", id="two lengths"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not_implemented", id="an unknown way to send"
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nX: " + b"x" * MOST_HEADER_BYTES + b"\r\n\r\n",
            431,
            "request_header_fields_too_large",
            id="long headers",
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
            413,
            "request_entity_too_large",
            id="a body that was only announced",
        ),
    ],
)
def test_what_the_web_server_refuses_has_the_form_of_all_refusals(
    served: ServedApp, request_bytes: bytes, status: int, code: str
) -> None:
    answered, headers, body = _ask(served, request_bytes)
    assert answered == status
    check_trust(answered, headers)
    assert headers["Content-Type"] == "application/json"
    error = strict_json(body)["error"]
    assert (error["code"], error["problems"]) == (code, [])
    assert error["message"].endswith(".")
    assert "Server" not in headers


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(
    ("size", "status"), [(MAX_BODY_BYTES, 400), (MAX_BODY_BYTES + 1, 413), (BUFFERED_BODY_BYTES - 1000, 413)]
)
def test_a_body_is_read_up_to_the_limit_and_refused_beyond_it(
    served: ServedApp, size: int, status: int, is_chunked: bool
) -> None:
    head = b"POST /api/runs HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n" + HOST
    if is_chunked:
        sent = head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size + b" " * size + b"\r\n0\r\n\r\n"
    else:
        sent = head + b"Content-Length: %d\r\n\r\n" % size + b" " * size
    answered, headers, body = _ask(served, sent)
    assert answered == status
    check_trust(answered, headers)
    assert status == 400 or "1 MB" in strict_json(body)["error"]["message"]


def test_the_web_server_holds_hardly_more_of_a_body_than_the_application_reads() -> None:
    """Bodies lie on the disk while they come: what is sent beyond the limit must not fill it."""
    assert MAX_BODY_BYTES < BUFFERED_BODY_BYTES <= MAX_BODY_BYTES + 64_000


def _announcing(path: str, size: int, content: bytes = b"") -> bytes:
    """A request that says how much will come."""
    head = f"POST {path} HTTP/1.1\r\nConnection: close\r\nContent-Type: application/zip\r\nContent-Length: {size}\r\n"
    return head.encode() + HOST + b"\r\n" + content


def test_the_address_of_uploads_takes_a_large_body(served: ServedApp) -> None:
    size = 2 * BUFFERED_BODY_BYTES
    answered, _, body = _ask(served, _announcing(f"{UPLOAD_PATH}?size=32", size, bytes(size)))
    assert answered == 422
    assert strict_json(body)["error"]["code"] == "not_a_zip"


@pytest.mark.parametrize(
    ("path", "size"),
    [
        (UPLOAD_PATH, BUFFERED_UPLOAD_BYTES),
        ("/api/images/mnist/fetch", BUFFERED_BODY_BYTES),
        ("/api/runs", BUFFERED_BODY_BYTES),
        ("/api/imagesx", BUFFERED_BODY_BYTES),
    ],
)
def test_a_large_body_that_is_announced_elsewhere_or_is_too_large_is_refused_at_once(
    served: ServedApp, path: str, size: int
) -> None:
    answered, headers, _ = _ask(served, _announcing(path, size))
    assert answered == 413
    check_trust(answered, headers)


def test_an_upload_without_room_on_the_disk_is_refused_before_it_comes(
    served: ServedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.serving.SPARE_DISK_BYTES", 10**18)
    answered, headers, body = _ask(served, _announcing(UPLOAD_PATH, 100_000_000))
    assert answered == 507
    check_trust(answered, headers)
    assert "disk" in strict_json(body)["error"]["message"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_of_an_upload_that_is_cut_off_nothing_stays(served: ServedApp, settings: Settings, share: float) -> None:
    size = 2_000_000
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as connection:
        connection.sendall(_announcing(UPLOAD_PATH, size, bytes(int(size * share))))
    assert served.get("/healthz")[0] in (200, 503)
    assert [path for path in settings.images_dir.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("path", [b"/", b"/api/spec", b"/api/runs/x/events", b"/static/js/main.js"])
def test_a_strangers_name_is_refused_on_a_real_connection_too(served: ServedApp, path: bytes) -> None:
    answered, headers, body = _ask(
        served, b"GET " + path + b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert answered == 400
    check_trust(answered, headers)
    assert strict_json(body)["error"]["code"] == "unknown_host"


def test_two_hosts_in_one_request_are_refused(served: ServedApp) -> None:
    assert _ask(served, b"GET / HTTP/1.0\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")[0] == 400


def test_an_address_in_full_does_not_win_over_the_host(served: ServedApp) -> None:
    """`GET http://localhost/ HTTP/1.1` as proxies are asked."""
    asked = b"GET http://localhost/api/spec HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert _ask(served, asked)[0] == 400


def test_a_forged_proxy_changes_nothing(served: ServedApp) -> None:
    plain = b"GET / HTTP/1.1\r\nConnection: close\r\nAccept-Encoding: gzip\r\n" + HOST
    forged = b"X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /evil\r\n"
    answers = [_ask(served, plain + told + b"\r\n") for told in (b"", forged)]
    assert [status for status, _, _ in answers] == [200, 200]
    assert gzip.decompress(answers[0][2]) == gzip.decompress(answers[1][2])


@pytest.mark.parametrize(("size", "status"), [(MOST_HEADER_BYTES - 1000, 200), (MOST_HEADER_BYTES, 431)])
def test_headers_are_read_up_to_their_limit(served: ServedApp, size: int, status: int) -> None:
    head = b"GET /api/spec HTTP/1.1\r\nConnection: close\r\n" + HOST
    assert _ask(served, head + b"X: " + b"x" * size + b"\r\n\r\n")[0] == status


@pytest.mark.parametrize(("header", "status"), [(b"", 200), (b"X-Forwarded-For: 203.0.113.9\r\n", 404)])
def test_the_web_server_does_not_hide_that_a_proxy_forwards(served: ServedApp, header: bytes, status: int) -> None:
    """The numbers of the server are for this machine alone, and whom a proxy on it forwards for is elsewhere."""
    asked = b"GET /metrics HTTP/1.1\r\nConnection: close\r\n" + HOST + header + b"\r\n"
    assert _ask(served, asked)[0] == status


@pytest.mark.parametrize(
    ("host", "told"),
    [("127.0.0.1", "http://127.0.0.1:8000"), ("::1", "http://[::1]:8000"), ("teacher.lan", "http://teacher.lan:8000")],
)
def test_the_address_that_was_asked_for_is_told(host: str, told: str) -> None:
    assert addresses_told(host, 8000) == [f"Neural Playground: {told}"]


@pytest.mark.parametrize("host", EVERYWHERE)
def test_who_serves_a_class_is_told_what_the_class_has_to_open(host: str) -> None:
    own, others = addresses_told(host, 8000)

    assert own == "Neural Playground: http://127.0.0.1:8000"
    assert f"http://{socket.gethostname().partition('.')[0]}.local:8000" in others
    assert host + ":" not in others
