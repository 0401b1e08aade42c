"""Errors carry a sentence, a code for machines, and every problem."""

import pytest

from server.domain.errors import (
    InvalidControl,
    InvalidInput,
    InvalidSpec,
    MalformedRequest,
    NotFound,
    Problem,
    PublicError,
    ServerFull,
    Unavailable,
    WrongStatus,
)


def _problem(field: str) -> Problem:
    return Problem(field, "too_much", f"{field} is too much.", "1 to 3", 4)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MalformedRequest("Sentence."), "malformed_request"),
        (MalformedRequest("Sentence.", "not_json"), "not_json"),
        (NotFound("Sentence."), "not_found"),
        (NotFound("Sentence.", "unknown_run"), "unknown_run"),
        (WrongStatus("Sentence."), "wrong_status"),
        (ServerFull("Sentence."), "server_full"),
        (Unavailable("Sentence."), "unavailable"),
    ],
)
def test_an_error_is_its_sentence_and_its_code(error: PublicError, code: str) -> None:
    assert (str(error), error.code, list(error.problems)) == ("Sentence.", code, [])


@pytest.mark.parametrize("kind", [ServerFull, Unavailable])
def test_what_may_work_later_says_when(kind: type[ServerFull | Unavailable]) -> None:
    assert kind("Full.", 7).retry_after_s == 7
    assert (kind("Full.").retry_after_s or 0) > 0


@pytest.mark.parametrize(
    ("kind", "noun", "code"),
    [(InvalidSpec, "specification", "invalid_spec"), (InvalidControl, "control", "invalid_control")],
)
def test_invalid_input_tells_the_first_problem_and_how_many_more(
    kind: type[InvalidSpec | InvalidControl], noun: str, code: str
) -> None:
    one, two, three = (kind([_problem(name) for name in names]) for names in ("a", "ab", "abc"))

    assert one.message == f"The {noun} cannot be used: a is too much."
    assert two.message == f"The {noun} cannot be used: a is too much. (and 1 more problem)"
    assert three.message == f"The {noun} cannot be used: a is too much. (and 2 more problems)"
    assert isinstance(three, InvalidInput)
    assert (three.code, len(three.problems)) == (code, 3)


def test_a_problem_as_data_has_the_keys_of_the_contract() -> None:
    assert _problem("batch_size").to_payload() == {
        "field": "batch_size",
        "code": "too_much",
        "message": "batch_size is too much.",
        "expected": "1 to 3",
        "received": 4,
    }
