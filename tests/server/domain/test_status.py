"""The status of a run."""

import pytest

from server.domain.status import RunStatus, is_terminal


def test_the_words_are_those_of_the_contract() -> None:
    assert [status.value for status in RunStatus] == ["queued", "running", "paused", "finished", "failed", "stopped"]


@pytest.mark.parametrize(
    ("word", "is_final"),
    [
        ("queued", False),
        ("running", False),
        ("paused", False),
        ("finished", True),
        ("failed", True),
        ("stopped", True),
    ],
)
def test_three_of_them_are_an_end(word: str, is_final: bool) -> None:
    assert is_terminal(RunStatus(word)) is is_final
