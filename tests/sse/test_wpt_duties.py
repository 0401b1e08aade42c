"""What the web platform's own tests of EventSource ask of a server, duty by duty.

The folder `eventsource` of the web-platform-tests holds some sixty cases; each is named here by its file. A case that
only fixes what a browser does puts no duty on us, but on the two readers that stand in for one in our tests: they must
take every byte string of the format cases as a browser takes it, whole and byte by byte.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from server.app import Services
from server.streaming.sse import Cursor, parse_cursor
from tests.builders import make_event, make_metrics, make_status
from tests.http_client import CheckedClient
from tests.sse_parser import ByteReader, Reading, Received, parse_events

SAFE_IN_A_HEADER = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
REDIRECTS = range(300, 400)


@pytest.fixture
def run_id(services: Services) -> str:
    """A running run: three events, and a frame."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id), make_metrics(1, 1, run_id), make_event("frame", run_id)])
    return run_id


@pytest.fixture
def path(run_id: str) -> str:
    """The address of its events."""
    return f"/api/runs/{run_id}/events"


def _begin(answer: Any, chunks: int = 2) -> bytes:
    stream: Iterator[bytes] = iter(answer.response)
    begun = b"".join(next(stream) for _ in range(chunks))
    answer.close()
    return begun


def _end(services: Services, run_id: str) -> str:
    """The run is over; the place of who has heard so."""
    services.ingest.ingest([make_status("finished", run_id)])
    return str(services.runs.history(run_id)["cursor"])


@pytest.mark.parametrize("state", ["unknown run", "seen to the end", "full"])
def test_request_status_error_only_200_opens_a_stream_and_every_other_answer_is_meant_to_end_it(
    client: CheckedClient, services: Services, run_id: str, path: str, state: str
) -> None:
    headers = {}
    if state == "unknown run":
        path = "/api/runs/nobody/events"
    elif state == "seen to the end":
        headers["Last-Event-ID"] = _end(services, run_id)
    else:
        held = [client.get(path) for _ in range(256)]
    answer = client.get(path, headers=headers)
    if state == "full":
        for each in held:
            each.close()

    expected = {"unknown run": 404, "seen to the end": 204, "full": 503}[state]
    assert answer.status_code == expected
    assert answer.mimetype != "text/event-stream" or not answer.data


@pytest.mark.parametrize("cursor", ["", "nonsense", "ffffffff-1", "x" * 5000])
def test_request_redirect_a_stream_is_never_redirected(client: CheckedClient, path: str, cursor: str) -> None:
    """A redirect would be followed, to a page that is no stream."""
    for asked in (path, "/api/runs/nobody/events", path + "/"):
        answer = client.get(f"{asked}?after={cursor}&wait=0")
        assert answer.status_code not in REDIRECTS


@pytest.mark.parametrize("case", ["bogus", "valid-bogus", "trailing-semicolon", "utf-8"])
def test_format_mime_every_answer_with_events_is_of_the_one_type(client: CheckedClient, path: str, case: str) -> None:
    for asked in (path, f"{path}?after=nonsense", f"{path}?wait=0", f"{path}?wait=0&after=nonsense"):
        answer = client.get(asked)
        assert answer.headers.getlist("Content-Type") == ["text/event-stream; charset=utf-8"], case
        answer.close()


@pytest.mark.parametrize("accept", [None, "", "text/html", "text/event-stream", "*/*;q=0"])
def test_request_accept_a_stream_opens_whatever_is_accepted(
    client: CheckedClient, path: str, accept: str | None
) -> None:
    answer = client.get(path, headers={} if accept is None else {"Accept": accept})

    assert _begin(answer).startswith(b"retry: ")


def test_request_cache_control_no_stream_is_stored(client: CheckedClient, path: str) -> None:
    answer = client.get(path, headers={"Cache-Control": "only-if-cached"})

    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_eventsource_cross_origin_another_site_is_given_no_leave_to_listen(
    client: CheckedClient, path: str, method: str
) -> None:
    answer = client.open(path, method=method, headers={"Origin": "http://other.test", "Sec-Fetch-Site": "cross-site"})

    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    answer.close()


def test_eventsource_cross_origin_preflight_no_id_would_need_one() -> None:
    """Longer than 128 bytes, or with other characters, `Last-Event-ID` would be asked about before each return."""
    longest = str(Cursor("ffffffff", 10**15 - 1))

    assert set(longest) <= SAFE_IN_A_HEADER
    assert len(longest) <= 64
    assert parse_cursor(longest) is not None


def test_eventsource_reconnect_a_stream_that_just_ends_calls_the_browser_back_and_goes_on(
    client: CheckedClient, services: Services, run_id: str, path: str
) -> None:
    first = parse_events(_begin(client.get(path)))
    services.ingest.ingest([make_metrics(2, 1, run_id)])
    again = parse_events(_begin(client.get(path, headers={"Last-Event-ID": first.last_id})))

    assert (first.events[-1].kind, again.events[0].kind, again.events[0].data[:12]) == (
        "metrics",
        "metrics",
        '{"epoch":[2]',
    )


def test_eventsource_close_who_has_heard_the_end_gets_204_each_time(
    client: CheckedClient, services: Services, run_id: str, path: str
) -> None:
    place = _end(services, run_id)

    assert [client.get(path, headers={"Last-Event-ID": place}).status_code for _ in range(3)] == [204] * 3


def test_format_field_id_a_numbered_event_always_has_an_id_and_none_is_empty(
    client: CheckedClient, services: Services, run_id: str, path: str
) -> None:
    _end(services, run_id)
    stream = client.get(path).data
    blocks = [block.split(b"\n") for block in stream.split(b"\n\n") if b"event: " in block]

    for lines in blocks:
        has_id = lines[0].startswith(b"id: ")
        assert has_id == (lines[-2] in (b"event: status", b"event: metrics"))
        assert not has_id or len(lines[0]) > len(b"id: 00000000-")


def test_format_field_id_null_a_place_with_a_nul_is_none_of_ours(client: CheckedClient, path: str) -> None:
    answer = client.get(f"{path}?wait=0&after=0a1b2c3d%00-1")

    assert parse_events(answer.data).events[0].kind == "reset"


def test_format_data_before_final_empty_line_each_write_ends_with_a_whole_event(
    client: CheckedClient, services: Services, run_id: str, path: str
) -> None:
    answer = client.get(path)
    _end(services, run_id)

    assert all(chunk.endswith(b"\n\n") for chunk in answer.response)
    answer.close()


def test_format_field_retry_is_digits_only(client: CheckedClient, services: Services, path: str) -> None:
    services.streams.store.subscriptions.close()
    lines = client.get(path).data.split(b"\n")
    times = [line.partition(b": ")[2] for line in lines if line.startswith(b"retry")]

    assert len(times) == 2
    assert all(time.isdigit() and not time.startswith(b"0") for time in times)


def test_eventsource_bfcache_a_page_that_comes_back_after_long_goes_on_where_it_was(
    client: CheckedClient, services: Services, run_id: str, path: str
) -> None:
    """The address it asks for again carries an old place, the header a newer one."""
    old = str(services.runs.history(run_id)["cursor"])
    services.ingest.ingest([make_metrics(2, 1, run_id), make_status("paused", run_id)])
    newer = str(services.runs.history(run_id)["cursor"])
    services.ingest.ingest([make_status("finished", run_id)])

    stream = client.get(f"{path}?after={old}", headers={"Last-Event-ID": newer}).data

    assert [event.kind for event in parse_events(stream).events] == ["status", "frame", "bye"]


FORMAT_CASES = {
    "format-bom": (b"\xef\xbb\xbfdata:1\n\ndata:2\n\n", [("message", "1"), ("message", "2")]),
    "format-bom-2": (b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\n", [("message", "2")]),
    "format-bom behind the start": (b"data:1\n\n\xef\xbb\xbfdata:2\n\n", [("message", "1")]),
    "format-comments": (
        b":" + b"long" * 1000 + b"\r:\0\n:\r\ndata:1\r:\ndata:2\n:data:3\n\n",
        [("message", "1\n2")],
    ),
    "format-data-before-final-empty-line": (b"id:1\ndata:1\n\nid:2\ndata:2\n", [("message", "1")]),
    "format-field-data": (b"data:\n\ndata\ndata\n\ndata:3\n\n", [("message", ""), ("message", "\n"), ("message", "3")]),
    "event-data": (
        b"msg\ndata:1\n\n:\nfalsefield:2\n\ndata:3\nData:4\n\ndata\n\n",
        [("message", "1"), ("message", "3"), ("message", "")],
    ),
    "format-field-event": (b"event:test\ndata:1\n\ndata:2\n\n", [("test", "1"), ("message", "2")]),
    "format-field-event-empty": (b"event: \ndata:1\n\n", [("message", "1")]),
    "format-field-event twice": (b"event:one\nevent:two\ndata:1\n\n", [("two", "1")]),
    "format-field-event without data": (b"event:test\n\ndata:1\n\n", [("message", "1")]),
    "format-field-parsing": (
        b"data:\0\nDATA:2\ndata\0:3\r\0data:4\nda-ta:5\ndata_6\n data:7\ndata:  8\rdata:\r\ndata:9\n\n",
        [("message", "\0\n 8\n\n9")],
    ),
    "format-field-unknown": (b"data:1\n data:2\ndate:3\nfield\nsomething: 4\n\n", [("message", "1")]),
    "format-leading-space": (b"data:\t1\rdata: 2\ndata:  3\n\n", [("message", "\t1\n2\n 3")]),
    "format-newlines": (b"data:1\r\ndata:2\ndata:3\r\rdata:4\r\n\r\n", [("message", "1\n2\n3"), ("message", "4")]),
    "format-null-character": (b"data:\0\n\n\n\n", [("message", "\0")]),
    "format-utf-8": ("data:…é\U0001f600\n\n".encode(), [("message", "…é\U0001f600")]),
}

ID_CASES = {
    "format-field-id": (b"id:1\ndata:x\n\ndata:y\n\n", ["1", "1"]),
    "format-field-id-2 reset by id:": (b"id:1\ndata:x\n\nid:\ndata:y\n\n", ["1", ""]),
    "format-field-id-3 reset by id": (b"id:1\ndata:x\n\nid\ndata:y\n\n", ["1", ""]),
    "format-field-id in UTF-8": ("id:…\ndata:x\n\n".encode(), ["…"]),
    "format-field-id with a colon": (b"id:1:2\ndata:x\n\n", ["1:2"]),
    "format-field-id-null before": (b"id:1\ndata:x\n\nid:\x002\ndata:y\n\n", ["1", "1"]),
    "format-field-id-null within": (b"id:1\ndata:x\n\nid:2\x003\ndata:y\n\n", ["1", "1"]),
    "format-field-id-null behind": (b"id:1\ndata:x\n\nid:2\x00\ndata:y\n\n", ["1", "1"]),
    "format-field-id-null alone": (b"id:1\ndata:x\n\nid:\x00\ndata:y\n\n", ["1", "1"]),
    "format-field-id-null after a space": (b"id:1\ndata:x\n\nid: \x00\ndata:y\n\n", ["1", "1"]),
    "an id without data counts": (b"id:1\n\ndata:x\n\n", ["1"]),
}

RETRY_CASES = {
    "format-field-retry": (b"retry:03000\ndata:x\n\n", 3000),
    "format-field-retry-bogus": (b"retry:3000\nretry:1000x\ndata:x\n\n", 3000),
    "format-field-retry-empty": (b"retry\nretry:\ndata:test\n\n", None),
    "format-field-retry negative": (b"retry:-5\n\n", None),
    "format-field-retry in other digits": ("retry:٣٠\n\n".encode(), None),
    "format-field-retry in half an event": (b"retry:700\n", 700),
}


def _read_by_both(stream: bytes) -> Reading:
    """What the reader of whole texts understands; the reader of bytes must agree, however the stream is cut."""
    whole = parse_events(stream)
    for size in (1, 2, 3, len(stream)):
        reader = ByteReader(is_strict=False)
        for start in range(0, len(stream), size):
            reader.feed(stream[start : start + size])
        assert reader.reading == whole
    return whole


@pytest.mark.parametrize("case", FORMAT_CASES)
def test_both_readers_take_the_format_cases_as_a_browser_does(case: str) -> None:
    stream, expected = FORMAT_CASES[case]

    assert [(event.kind, event.data) for event in _read_by_both(stream).events] == expected


@pytest.mark.parametrize("case", ID_CASES)
def test_both_readers_take_the_id_cases_as_a_browser_does(case: str) -> None:
    stream, expected = ID_CASES[case]

    assert [event.last_id for event in _read_by_both(stream).events] == expected


@pytest.mark.parametrize("case", RETRY_CASES)
def test_both_readers_take_the_retry_cases_as_a_browser_does(case: str) -> None:
    stream, expected = RETRY_CASES[case]

    assert _read_by_both(stream).retry_ms == expected


@pytest.mark.parametrize("stream", [b"data: 1\r\n\r\n", b"data: \0\n\n", b"dta: 1\n\n", b"data:1\n\n"])
def test_the_strict_reader_refuses_what_this_server_may_never_write(stream: bytes) -> None:
    with pytest.raises(AssertionError):
        ByteReader().feed(stream)


def test_an_event_is_received_with_the_id_of_its_moment() -> None:
    assert _read_by_both(b"id:1\ndata:x\n\nid:2\n\ndata:y\n\n").events == [
        Received("message", "x", "1"),
        Received("message", "y", "2"),
    ]
