"""The code behind a run, as text to read and to take home."""

import json

from server.datasets.collections import Library, complete_spec
from server.domain import limits
from server.domain.errors import InvalidSpec, Problem
from server.domain.events import Payload
from server.domain.spec import RunSpec
from server.domain.validation import parse_run_spec, unknown_fields, wrong_value
from server.scripts.script import DEFAULT_EPOCHS, script_payload
from server.storage.runs import Run


def script_of_request(raw_request: object, library: Library) -> Payload:
    """`{"script": text, "notebook": object}` of `{"spec", "epochs"}`. Raises InvalidSpec."""
    if not isinstance(raw_request, dict):
        raise InvalidSpec([wrong_value("", "wrong_type", "an object with spec and epochs", raw_request)])
    problems = [*unknown_fields(raw_request, ("spec", "epochs")), *_wrong_epochs(raw_request.get("epochs"))]
    if problems:
        raise InvalidSpec(problems)
    spec = parse_run_spec(complete_spec(raw_request.get("spec", {}), library))
    return _script(spec, raw_request.get("epochs") or spec.epochs or DEFAULT_EPOCHS)


def script_of_run(run: Run) -> str:
    """The script of a run's settings, for as many epochs as it has trained. Raises InvalidSpec."""
    return str(_script(_steered(run), run.epoch or DEFAULT_EPOCHS)["script"])


def notebook_of_run(run: Run) -> str:
    """The same as a notebook, JSON text. Raises InvalidSpec."""
    return json.dumps(_script(_steered(run), run.epoch or DEFAULT_EPOCHS)["notebook"], indent=1, allow_nan=False)


def _script(spec: RunSpec, epochs: int) -> Payload:
    return script_payload(spec, epochs)


def _steered(run: Run) -> RunSpec:
    """The spec with the rates as they were set last."""
    controls = run.controls
    optimizer = run.spec.optimizer.model_copy(update={"learning_rate": controls.learning_rate})
    regularization = run.spec.regularization.model_copy(update={"l1": controls.l1, "l2": controls.l2})
    return run.spec.model_copy(update={"optimizer": optimizer, "regularization": regularization})


def _wrong_epochs(raw_epochs: object) -> list[Problem]:
    is_whole = isinstance(raw_epochs, int) and not isinstance(raw_epochs, bool)
    if raw_epochs is None or (is_whole and 1 <= raw_epochs <= limits.MAX_EPOCHS):  # type: ignore[operator]
        return []
    expected = f"a whole number from 1 to {limits.MAX_EPOCHS}, or null"
    return [wrong_value("epochs", "wrong_epochs", expected, raw_epochs)]
