"""A run's network as files: always of its newest weights, always files that belong together."""

import base64
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.app import Services
from server.config import Settings
from server.domain.errors import NotFound, ServerFull, Unavailable
from server.services.exports import MOST_DEPLOYMENTS, ExportService
from server.services.store import Store
from tests.builders import make_event, make_metrics, make_status
from tests.fakes import FakeCluster, exported_files


@pytest.fixture
def exports(services: Services, store: Store, cluster: FakeCluster) -> ExportService:
    """Waits only a moment for the first weights."""
    return ExportService(services.runs, store, cluster, first_weights_timeout_s=0.005)


@pytest.fixture
def run_id(services: Services) -> str:
    """A running run at epoch 1."""
    run_id = services.runs.start_run({}).run_id
    services.ingest.ingest([make_status("running", run_id)])
    _show(services, run_id, 1)
    return run_id


def _show(services: Services, run_id: str, epoch: int) -> None:
    """The run comes to an epoch; its weights are the epoch's own."""
    frame = make_event("frame", run_id, epoch=epoch, step=25 * epoch, weights=f"weights {epoch}")
    services.ingest.ingest([frame])


def _files(epoch: int) -> dict[str, bytes]:
    return exported_files({"epoch": epoch})


def test_the_model_is_made_of_the_newest_weights(exports: ExportService, services: Services, run_id: str) -> None:
    assert exports.model_file(run_id, "model.json") == _files(1)["tfjs/model.json"]
    _show(services, run_id, 2)

    assert exports.model_file(run_id, "model.json") == _files(2)["tfjs/model.json"]


def test_files_are_made_again_only_when_the_weights_changed(
    exports: ExportService, services: Services, cluster: FakeCluster, run_id: str
) -> None:
    for _ in range(2):
        exports.model_file(run_id, "model.json")
        exports.tfjs_zip(run_id)
        exports.keras_file(run_id)
    assert len(cluster.exported) == 1

    _show(services, run_id, 2)
    exports.keras_file(run_id)
    exports.model_file(run_id, "model.json")
    assert [moment["epoch"] for _, moment in cluster.exported] == [1, 2]


def test_the_other_files_belong_to_the_model_that_was_asked_for_last(
    exports: ExportService, services: Services, run_id: str
) -> None:
    exports.model_file(run_id, "model.json")
    _show(services, run_id, 2)

    for name in ("group1-shard1of1.bin", "probe.json"):
        assert exports.model_file(run_id, name) == _files(1)[f"tfjs/{name}"]
    exports.model_file(run_id, "model.json")
    for name in ("group1-shard1of1.bin", "probe.json"):
        assert exports.model_file(run_id, name) == _files(2)[f"tfjs/{name}"]


def test_a_file_that_is_asked_for_before_the_model_is_made(exports: ExportService, run_id: str) -> None:
    assert exports.model_file(run_id, "probe.json") == _files(1)["tfjs/probe.json"]


def test_threads_that_ask_at_once_share_one_export(exports: ExportService, cluster: FakeCluster, run_id: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: exports.model_file(run_id, "model.json"), range(8)))

    assert set(answers) == {_files(1)["tfjs/model.json"]}
    assert len(cluster.exported) == 1


def test_the_archive_holds_the_files_of_one_moment(exports: ExportService, services: Services, run_id: str) -> None:
    exports.tfjs_zip(run_id)
    _show(services, run_id, 2)

    with zipfile.ZipFile(io.BytesIO(exports.tfjs_zip(run_id))) as archive:
        held = {f"tfjs/{name}": archive.read(name) for name in archive.namelist()}
    assert b"Epochs trained: 2" in held.pop("tfjs/README.txt")
    assert held == {path: content for path, content in _files(2).items() if path.startswith("tfjs/")}


def test_the_keras_file_is_of_the_newest_weights(exports: ExportService, run_id: str) -> None:
    assert exports.keras_file(run_id) == _files(1)["model.keras"]


def test_an_ended_run_still_has_its_files_after_a_restart(
    exports: ExportService, services: Services, store: Store, cluster: FakeCluster, run_id: str
) -> None:
    moment = {"epoch": 5, "step": 125, "weights": "weights 5", "slots": "", "is_at_rest": True}
    services.ingest.ingest([make_metrics(1, 5, run_id), make_event("checkpoint", run_id, **moment)])
    services.ingest.ingest([make_status("finished", run_id)])
    exports.model_file(run_id, "model.json")

    restarted = ExportService(services.runs, store, cluster)
    assert restarted.keras_file(run_id) == _files(5)["model.keras"]


def test_a_run_that_waits_in_the_queue_has_no_files_yet(exports: ExportService, services: Services) -> None:
    queued = services.runs.start_run({}).run_id

    with pytest.raises(Unavailable, match="has not begun"):
        exports.model_file(queued, "model.json")


def test_a_run_that_ended_before_it_began_has_no_network(services: Services) -> None:
    """And nobody waits ten seconds to hear it."""
    run_id = services.runs.start_run({}).run_id
    services.runs.control_run(run_id, {"action": "stop"})

    with pytest.raises(NotFound, match="ended before it began"):
        services.exports.model_file(run_id, "model.json")


@pytest.mark.parametrize("name", ["model.keras", "../model.keras", "weights.json", "..", "x\0", "Model.json"])
def test_a_file_that_the_model_has_not_is_not_found(exports: ExportService, run_id: str, name: str) -> None:
    with pytest.raises(NotFound, match="has no file"):
        exports.model_file(run_id, name)


def test_the_slow_formats_are_made_of_the_keras_file_once(
    exports: ExportService, services: Services, cluster: FakeCluster, run_id: str
) -> None:
    for _ in range(2):
        exports.tflite_file(run_id)
        exports.saved_model_zip(run_id)
    assert cluster.deployed == [_files(1)["model.keras"]]

    _show(services, run_id, 2)
    assert exports.tflite_file(run_id).startswith(b"tflite of keras 2")
    assert cluster.deployed[1:] == [_files(2)["model.keras"]]


def test_a_saved_model_lies_in_a_folder_with_words_beside_it(exports: ExportService, run_id: str) -> None:
    with zipfile.ZipFile(io.BytesIO(exports.saved_model_zip(run_id))) as archive:
        assert archive.namelist() == ["saved_model/saved_model.pb", "README.txt"]
        assert archive.read("saved_model/saved_model.pb") == b"graph of keras 1"
        assert b"Classes, from 0" in archive.read("README.txt")


def test_labels_lie_in_the_tflite_file_as_in_an_archive(exports: ExportService, run_id: str) -> None:
    with zipfile.ZipFile(io.BytesIO(exports.tflite_file(run_id))) as archive:
        assert archive.read("labels.txt") == b"0\n1\n"
        assert archive.namelist() == ["labels.txt", "README.txt"]


def test_making_slow_formats_does_not_keep_the_model_waiting(
    exports: ExportService, cluster: FakeCluster, run_id: str
) -> None:
    answers: list[bytes] = []
    cluster.on_deploy = lambda: answers.append(exports.model_file(run_id, "model.json"))
    exports.tflite_file(run_id)

    assert answers == [_files(1)["tfjs/model.json"]]


def test_only_a_few_may_wait_for_slow_formats(
    exports: ExportService, services: Services, cluster: FakeCluster, run_id: str
) -> None:
    others = [services.runs.start_run({}).run_id for _ in range(MOST_DEPLOYMENTS)]
    for other in others:
        services.ingest.ingest([make_status("running", other)])
        _show(services, other, 1)
    waiting = iter(others)
    cluster.on_deploy = lambda: exports.tflite_file(next(waiting)) and None

    with pytest.raises(ServerFull, match="Several files"):
        exports.tflite_file(run_id)
    cluster.on_deploy = lambda: None
    assert exports.tflite_file(run_id).startswith(b"tflite")


def test_what_is_made_already_is_taken_while_all_places_are_busy(
    exports: ExportService, services: Services, cluster: FakeCluster, run_id: str
) -> None:
    exports.tflite_file(run_id)
    others = [services.runs.start_run({}).run_id for _ in range(MOST_DEPLOYMENTS)]
    for other in others:
        services.ingest.ingest([make_status("running", other)])
        _show(services, other, 1)
    waiting = iter([*others[1:], run_id])
    cluster.on_deploy = lambda: exports.tflite_file(next(waiting)) and None
    exports.tflite_file(others[0])

    assert len(cluster.deployed) == 1 + MOST_DEPLOYMENTS


def test_a_network_that_tensorflow_lite_does_not_know_still_has_its_saved_model(
    exports: ExportService, cluster: FakeCluster, run_id: str
) -> None:
    cluster.undeployable = {"model.tflite"}
    with pytest.raises(Unavailable, match="Take the SavedModel"):
        exports.tflite_file(run_id)

    assert exports.saved_model_zip(run_id)
    assert len(cluster.deployed) == 1


def test_a_run_deleted_while_its_slow_formats_are_made_leaves_none_behind(
    exports: ExportService, services: Services, cluster: FakeCluster, settings: Settings, run_id: str
) -> None:
    cluster.on_deploy = lambda: services.runs.delete_run(run_id)

    with pytest.raises(NotFound, match="no such run"):
        exports.saved_model_zip(run_id)
    assert list((settings.data_dir / "runs").iterdir()) == []


def test_a_model_knows_the_names_of_its_classes(exports: ExportService, cluster: FakeCluster, run_id: str) -> None:
    exports.keras_file(run_id)

    assert cluster.exported[0][1]["class_names"] == ["0", "1"]


def test_the_page_is_made_of_the_newest_model(exports: ExportService, services: Services, run_id: str) -> None:
    exports.page_parts(run_id)
    _show(services, run_id, 2)
    data = json.loads(exports.page_parts(run_id).data)

    assert (data["runId"], data["epoch"], data["model"]["epoch"]) == (run_id, 2, 2)
    assert base64.b64decode(data["weights"]) == b"shard 2"


@pytest.mark.parametrize("unknown", ["nobody", "..", "a\0b"])
def test_a_run_that_does_not_exist_has_no_files(exports: ExportService, unknown: str) -> None:
    for ask in (
        exports.keras_file,
        exports.tfjs_zip,
        exports.saved_model_zip,
        exports.tflite_file,
        exports.page_parts,
        lambda run_id: exports.model_file(run_id, "model.json"),
        lambda run_id: exports.model_file(run_id, "probe.json"),
    ):
        with pytest.raises(NotFound, match="no such run"):
            ask(unknown)


def test_a_run_deleted_while_its_files_are_made_leaves_none_behind(
    exports: ExportService, services: Services, cluster: FakeCluster, settings: Settings, run_id: str
) -> None:
    cluster.on_export = services.runs.delete_run

    with pytest.raises(NotFound, match="no such run"):
        exports.model_file(run_id, "model.json")
    assert list((settings.data_dir / "runs").iterdir()) == []


def test_an_export_that_failed_is_tried_again(exports: ExportService, cluster: FakeCluster, run_id: str) -> None:
    def fail(_: str) -> None:
        raise Unavailable("No worker.")

    cluster.on_export = fail
    with pytest.raises(Unavailable):
        exports.model_file(run_id, "model.json")
    cluster.on_export = lambda run_id: None

    assert exports.model_file(run_id, "model.json") == _files(1)["tfjs/model.json"]


def test_files_of_a_forgotten_run_are_made_anew(exports: ExportService, cluster: FakeCluster, run_id: str) -> None:
    exports.keras_file(run_id)
    exports.forget(run_id)
    exports.keras_file(run_id)

    assert len(cluster.exported) == 2
