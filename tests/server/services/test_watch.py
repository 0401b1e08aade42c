"""What comes in is counted, told, and its trouble noticed."""

import pytest

from server.services.health import Health
from server.services.journal import Journal
from server.services.metrics import Metrics
from server.services.store import Store
from server.services.watch import Watch, open_watch
from server.storage import runs
from tests.builders import make_metrics, make_run, make_status
from tests.fakes import EventSink, FakeClock


@pytest.fixture
def lines() -> list[str]:
    """Sentences of the journal."""
    return []


@pytest.fixture
def watch(lines: list[str]) -> Watch:
    """A watch whose journal is a list."""
    clock = FakeClock()
    made = Watch(Health(), Journal(clock, lambda sentence, **fields: lines.append(sentence)), Metrics(), clock)
    made.health.listen(made.journal.tell_trouble)
    return made


def test_a_batch_goes_through_and_is_counted_and_told(watch: Watch, lines: list[str]) -> None:
    sink = EventSink()
    batch = [make_status("running"), make_metrics(1)]
    watch.take(sink, batch)

    assert sink.batches == [batch]
    assert lines == ["A run started."]
    assert b'playground_events_total{kind="metrics"} 1.0' in watch.metrics.text()


def test_a_store_out_of_reach_is_counted_and_its_trouble_is_over_when_a_batch_is_taken(
    watch: Watch, lines: list[str]
) -> None:
    sink = EventSink(failures=2)
    batch = [make_status("running")]
    watch.health.tell("storage", False)
    for _ in range(2):
        with pytest.raises(OSError, match="out of reach"):
            watch.take(sink, batch)
        assert watch.health.problems() == ["storage"]
    assert lines == ["Trouble began."]
    watch.take(sink, batch)

    assert watch.health.problems() == []
    assert lines == ["Trouble began.", "Trouble ended.", "A run started."]
    assert b"playground_storage_failures_total 2.0" in watch.metrics.text()


def test_a_fault_of_ours_is_no_trouble_of_the_store(watch: Watch) -> None:
    def fail(events: object) -> None:
        raise RuntimeError("a fault")

    with pytest.raises(RuntimeError):
        watch.take(fail, [make_metrics(1)])
    assert watch.health.problems() == []


def test_missing_workers_are_trouble(watch: Watch, lines: list[str]) -> None:
    watch.look_at_workers(2, wanted=2)
    watch.look_at_workers(1, wanted=2)
    assert watch.health.problems() == ["workers"]
    watch.look_at_workers(2, wanted=2)

    assert watch.health.problems() == []
    assert lines == ["Trouble began.", "A worker was lost.", "Trouble ended.", "A worker joined."]


def test_runs_are_counted_by_status_in_the_store(store: Store) -> None:
    watch = open_watch(store, lambda: 2)
    with store.database.write() as session:
        runs.add_run(session, make_run("a" * 20))
        runs.add_run(session, make_run("b" * 20))
    text = watch.metrics.text().decode()

    assert 'playground_runs{status="queued"} 2.0' in text
    assert 'playground_runs{status="running"} 0.0' in text
    assert "playground_workers 2.0" in text


def test_a_store_that_cannot_be_asked_leaves_the_other_numbers(store: Store) -> None:
    watch = open_watch(store, lambda: 2)
    with store.database.write() as session:
        runs.RunRow.__table__.drop(session.connection())
    text = watch.metrics.text().decode()

    assert "playground_runs{" not in text
    assert "playground_workers 2.0" in text
