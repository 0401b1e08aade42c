"""The other side of a comparison of converters."""

import io
import json
from pathlib import Path
from typing import Any

from tests.bench.convert_in_turn import serve


def test_a_model_is_made_once_and_every_request_is_answered_with_its_seconds(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    request = json.dumps({"model": "Dense 2-4-2-1", "folder": str(folder)}) + "\n"
    converted: list[tuple[Any, Path]] = []
    answers = io.StringIO()

    serve(lambda model, into: converted.append((model, into)), io.StringIO(request * 2), answers)

    (first, _), (second, into) = converted
    assert first is second
    assert into == folder
    assert all(json.loads(line)["seconds"] >= 0 for line in answers.getvalue().splitlines())
    assert len(answers.getvalue().splitlines()) == 2
