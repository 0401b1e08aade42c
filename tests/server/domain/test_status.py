"""Which status may follow which: all thirty-six pairs."""

import pytest

from server.domain.status import RunStatus, is_terminal, may_follow

# Row: where the run is; column: where it wants to go.
TABLE = """
           queued running paused finished failed stopped
queued     yes    yes     yes    no       yes    yes
running    no     yes     yes    yes      yes    yes
paused     yes    yes     yes    yes      yes    yes
finished   no     no      no     no       no     no
failed     no     no      no     no       no     no
stopped    no     no      no     no       no     no
"""


def _pairs() -> list[tuple[str, str, bool]]:
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return [(row[0], name, word == "yes") for row in rows for name, word in zip(head, row[1:], strict=True)]


def test_the_table_has_every_status_in_rows_and_columns() -> None:
    names = [status.value for status in RunStatus]

    assert [(row, column) for row, column, _ in _pairs()] == [(row, column) for row in names for column in names]


@pytest.mark.parametrize(("current", "following", "allowed"), _pairs())
def test_a_status_follows_only_where_the_table_says_yes(current: str, following: str, allowed: bool) -> None:
    assert may_follow(RunStatus(current), RunStatus(following)) is allowed


def test_the_words_are_those_of_the_contract() -> None:
    assert [status.value for status in RunStatus] == ["queued", "running", "paused", "finished", "failed", "stopped"]


@pytest.mark.parametrize("status", list(RunStatus))
def test_a_status_is_terminal_when_nothing_follows_it(status: RunStatus) -> None:
    assert is_terminal(status) is not any(may_follow(status, following) for following in RunStatus)
