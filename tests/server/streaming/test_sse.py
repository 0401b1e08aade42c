"""Framing: what two independent readers understand is what was written."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.events import to_json
from server.streaming.sse import (
    BYE,
    HEADERS,
    OPENING,
    Cursor,
    frame_closed,
    frame_event,
    frame_gap,
    frame_goodbye,
    frame_heartbeat,
    parse_cursor,
)
from tests.http_client import strict_json
from tests.sse_parser import ByteReader, Reading, Received, parse_events

GOLDEN = Path(__file__).resolve().parents[2] / "contract" / "stream_events"
HEARTBEAT = frame_heartbeat(Cursor("0a1b2c3d", 3))
HOSTILE = 'Ada\r\nevent: bye\n\ndata: {}\0\u2028\ud800 "é" \ufeff: '


def _read_twice(stream: bytes) -> Reading:
    """What both readers understand; the second one gets single bytes."""
    reader = ByteReader()
    for byte in stream:
        reader.feed(bytes([byte]))
    reading = parse_events(stream)
    assert reader.reading == reading
    return reading


def test_an_event_has_its_id_kind_and_data_on_one_line_each() -> None:
    framed = frame_event("status", '{"epoch":1}', Cursor("0a1b2c3d", 7))

    assert framed == b'id: 0a1b2c3d-7\nevent: status\ndata: {"epoch":1}\n\n'


def test_an_event_without_cursor_leaves_the_place_of_the_client() -> None:
    stream = frame_event("status", "{}", Cursor("0a1b2c3d", 7)) + frame_event("frame", '{"epoch":1}')

    assert _read_twice(stream).events == [
        Received("status", "{}", "0a1b2c3d-7"),
        Received("frame", '{"epoch":1}', "0a1b2c3d-7"),
    ]


def test_a_hostile_text_stays_inside_its_event() -> None:
    stream = frame_event("status", to_json({"reason": HOSTILE}), Cursor("0a1b2c3d", 1))

    (event,) = _read_twice(stream).events
    assert strict_json(event.data) == {"reason": HOSTILE}
    assert b"\0" not in stream
    assert b"\r" not in stream


@settings(max_examples=40)
@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.floats(), max_size=3), max_size=6))
def test_both_readers_understand_any_story_alike(payloads: list[dict[str, Any]]) -> None:
    texts = [to_json(payload) for payload in payloads]
    framed = [frame_event("metrics", text, Cursor("00000000", seq)) for seq, text in enumerate(texts, 1)]

    silence = frame_heartbeat(Cursor("00000000", 0))
    reading = _read_twice(OPENING + silence.join(framed) + BYE)

    assert [(event.kind, event.data) for event in reading.events[:-1]] == [("metrics", text) for text in texts]
    assert [event.last_id for event in reading.events[:-1]] == [f"00000000-{seq}" for seq in range(1, len(texts) + 1)]
    assert reading.events[-1].kind == "bye"


def test_half_an_event_is_no_event_and_moves_no_place() -> None:
    whole = frame_event("status", "{}", Cursor("0a1b2c3d", 1))
    half = frame_event("status", "{}", Cursor("0a1b2c3d", 2))[:-1]

    reading = _read_twice(whole + half)

    assert reading.last_id == "0a1b2c3d-1"
    assert len(reading.events) == 1


def test_the_opening_says_when_to_come_back_and_is_no_event() -> None:
    reading = _read_twice(OPENING)

    assert (reading.retry_ms, reading.comments, reading.events) == (2000, 1, [])


def test_a_heartbeat_moves_the_place_of_the_client_and_is_no_event() -> None:
    reading = _read_twice(frame_event("status", "{}", Cursor("0a1b2c3d", 2)) + HEARTBEAT)

    assert HEARTBEAT == b"id: 0a1b2c3d-3\n\n"
    assert (len(reading.events), reading.last_id) == (1, "0a1b2c3d-3")


@pytest.mark.parametrize(
    ("name", "stream", "place"),
    [
        pytest.param("gap", frame_gap(3, Cursor("0a1b2c3d", 7)), "0a1b2c3d-7", id="a gap moves the place behind it"),
        pytest.param("closed", HEARTBEAT + frame_closed("deleted"), "0a1b2c3d-3", id="a closed stream leaves it"),
    ],
)
def test_an_event_of_the_stream_itself_is_as_the_contract_writes_it(name: str, stream: bytes, place: str) -> None:
    golden = strict_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    (event,) = _read_twice(stream).events

    assert (event.kind, strict_json(event.data), event.last_id) == (golden["event"], golden["data"], place)


@pytest.mark.parametrize("retry_ms", [500, 2499])
def test_a_goodbye_says_when_to_come_back(retry_ms: int) -> None:
    reading = _read_twice(frame_goodbye(retry_ms))

    assert reading.retry_ms == retry_ms
    assert reading.events == [Received("bye", "{}", "")]


def test_the_headers_are_those_of_the_contract() -> None:
    assert HEADERS == {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }


@given(st.integers(0, 10**15 - 1))
def test_a_cursor_is_read_as_it_was_written(seq: int) -> None:
    cursor = Cursor("0a1b2c3d", seq)

    assert parse_cursor(str(cursor)) == cursor
    assert len(str(cursor)) <= 64


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("0a1b2c3d", id="no number"),
        pytest.param("0a1b2c3d-", id="empty number"),
        pytest.param("-5", id="no generation"),
        pytest.param("5", id="a number only"),
        pytest.param("0a1b2c3d--5", id="negative"),
        pytest.param("0a1b2c3d-5.0", id="fraction"),
        pytest.param("0a1b2c3d-1e3", id="exponent"),
        pytest.param("0a1b2c3d-+5", id="plus"),
        pytest.param(" 0a1b2c3d-5", id="leading space"),
        pytest.param("0a1b2c3d-5 ", id="trailing space"),
        pytest.param("0a1b2c3d-5\n", id="trailing line break"),
        pytest.param("0A1B2C3D-5", id="capitals"),
        pytest.param("0a1b2c3-5", id="short generation"),
        pytest.param("0a1b2c3d4-5", id="long generation"),
        pytest.param("0a1b2c3g-5", id="not hexadecimal"),
        pytest.param("0a1b2c3d-٥", id="another script's digit"),
        pytest.param("0a1b2c3d-" + "9" * 16, id="a number beyond all stories"),
        pytest.param("0a1b2c3d-" + "1" * 10_000, id="10 kB"),
        pytest.param("\0", id="NUL"),
        pytest.param("0a1b2c3d-5;0a1b2c3d-6", id="two"),
    ],
)
def test_a_malformed_cursor_is_none(text: str) -> None:
    assert parse_cursor(text) is None
