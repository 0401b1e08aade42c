"""What is not well, as it is told and asked."""

import pytest

from server.services.health import PARTS, Health


def test_at_first_all_is_well() -> None:
    assert Health().problems() == []


def test_problems_come_in_one_order_and_go_when_they_are_over() -> None:
    health = Health()
    for part in reversed(PARTS):
        health.tell(part, False)
    assert health.problems() == list(PARTS)

    health.tell("storage", True)
    assert health.problems() == ["checkpoints", "workers"]


def test_a_change_is_heard_once_however_often_it_is_told() -> None:
    heard: list[tuple[str, bool]] = []
    health = Health()
    health.listen(lambda part, is_well: heard.append((part, is_well)))
    for is_well in (True, False, False, True, True):
        health.tell("storage", is_well)

    assert heard == [("storage", False), ("storage", True)]


def test_an_unknown_part_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'disk' is no part.*storage, checkpoints, workers"):
        Health().tell("disk", False)  # type: ignore[arg-type]
