"""Numbers for Prometheus, read back with its own parser."""

from prometheus_client.parser import text_string_to_metric_families

from server.services.metrics import INGEST_BUCKETS_S, Metrics, thread_count, troubles
from tests.builders import make_event, make_metrics, make_status


def read(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(metrics.text().decode())
    samples = [each for family in families for each in family.samples]
    return {(each.name, tuple(sorted(each.labels.items()))): each.value for each in samples}


def test_events_and_the_time_of_a_batch_are_counted() -> None:
    metrics = Metrics()
    metrics.count_batch([make_metrics(1), make_metrics(2), make_event("frame")], 0.003)
    metrics.count_batch([make_metrics(3)], 0.3)
    samples = read(metrics)

    assert samples["playground_events_total", (("kind", "metrics"),)] == 3
    assert samples["playground_events_total", (("kind", "frame"),)] == 1
    assert samples["playground_ingest_seconds_count", ()] == 2
    assert samples["playground_ingest_seconds_bucket", (("le", str(INGEST_BUCKETS_S[2])),)] == 1


def test_ends_and_losses_of_runs_are_counted_by_reason() -> None:
    metrics = Metrics()
    metrics.count_batch(
        [
            make_status("running"),
            make_status("queued", reason_code="worker_lost"),
            make_status("finished", reason_code="epochs_reached"),
            make_status("failed", reason_code="a reason nobody knows"),
        ],
        0.1,
    )
    samples = read(metrics)

    assert samples["playground_runs_lost_total", (("reason", "worker_lost"),)] == 1
    assert samples["playground_runs_ended_total", (("reason", "epochs_reached"), ("status", "finished"))] == 1
    assert samples["playground_runs_ended_total", (("reason", "other"), ("status", "failed"))] == 1


def test_no_word_of_a_client_becomes_a_label() -> None:
    metrics = Metrics()
    for number in range(200):
        metrics.count_request(None, f"METHOD{number}", 404, 0.001)
        metrics.count_batch([make_status("failed", reason_code=f"reason {number}")], 0.1)

    assert b"METHOD" not in metrics.text()
    assert len(metrics.text().splitlines()) < 150


def test_what_has_a_number_now_is_asked_for_at_each_reading() -> None:
    metrics, values = Metrics(), [1.0]
    metrics.watch("playground_workers", "Workers", lambda: values[0])
    metrics.watch_by("part", "playground_trouble", "Trouble", lambda: troubles(["workers"]))
    assert read(metrics)["playground_workers", ()] == 1
    values[0] = 2.0

    samples = read(metrics)
    assert samples["playground_workers", ()] == 2
    assert samples["playground_trouble", (("part", "workers"),)] == 1
    assert samples["playground_trouble", (("part", "storage"),)] == 0


def test_a_number_that_cannot_be_had_hides_no_other() -> None:
    def fail() -> float:
        raise OSError("The database is locked.")

    metrics = Metrics()
    metrics.watch("playground_broken", "Broken", fail)
    metrics.watch("playground_threads", "Threads", thread_count)
    samples = read(metrics)

    assert ("playground_broken", ()) not in samples
    assert samples["playground_threads", ()] >= 1


def test_the_process_and_the_build_are_described() -> None:
    samples = read(Metrics())

    assert samples["process_resident_memory_bytes", ()] > 1_000_000
    assert samples["process_open_fds", ()] > 2
    assert [name for name, _ in samples].count("playground_build_info") == 1


def test_watching_a_name_again_takes_the_place_of_the_first() -> None:
    metrics = Metrics()
    metrics.watch("playground_streams", "Streams", lambda: 1)
    metrics.watch("playground_streams", "Streams", lambda: 2)

    assert read(metrics)["playground_streams", ()] == 2
