"""One way to convert, in a process of its own: `python -m tests.bench.convert_in_turn ours`.

Reads requests from standard input (a model by name, a folder) and answers on standard output, a line of JSON each. The
model is made before the clock starts, libraries are loaded, and every way gets the same weights.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

Convert = Callable[[Any, Path], None]


def make_dense() -> Any:
    """The page's first network: 2-4-2-1."""
    import keras

    dense = keras.layers.Dense
    return keras.Sequential(
        [keras.Input((2,)), dense(4, activation="tanh"), dense(2, activation="tanh"), dense(1, activation="sigmoid")]
    )


def make_mobile_net() -> Any:
    """MobileNetV2 for pictures of 96 by 96, a third of its width, random weights."""
    import keras

    return keras.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), alpha=0.35)


MODELS: dict[str, Callable[[], Any]] = {"Dense 2-4-2-1": make_dense, "MobileNetV2 96x96": make_mobile_net}


def _ours() -> Convert:
    import converter

    def convert(model: Any, folder: Path) -> None:
        converter.convert(model, folder)

    return convert


def _official_layers() -> Convert:
    import tensorflowjs

    def convert(model: Any, folder: Path) -> None:
        tensorflowjs.converters.save_keras_model(model, str(folder))

    return convert


def _official_graph() -> Convert:
    import tensorflowjs

    def convert(model: Any, folder: Path) -> None:
        with tempfile.TemporaryDirectory() as exported:
            model.export(exported, verbose=False)
            tensorflowjs.converters.convert_tf_saved_model(exported, str(folder))

    return convert


WAYS: dict[str, Callable[[], Convert]] = {
    "ours": _ours,
    "official layers": _official_layers,
    "official graph": _official_graph,
}


def serve(convert: Convert, requests: TextIO, answers: TextIO) -> None:
    """Answer requests until there are no more."""
    import keras

    models: dict[str, Any] = {}
    for line in requests:
        request = json.loads(line)
        if request["model"] not in models:
            keras.utils.set_random_seed(0)
            models[request["model"]] = MODELS[request["model"]]()
        folder = Path(request["folder"])
        shutil.rmtree(folder, ignore_errors=True)
        begun_s = time.perf_counter()
        convert(models[request["model"]], folder)
        answers.write(json.dumps({"seconds": time.perf_counter() - begun_s}) + "\n")
        answers.flush()


def main(way: str) -> None:
    """Be one side, with what libraries print sent to standard error."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        serve(WAYS[way](), sys.stdin, answers)


if __name__ == "__main__":
    main(sys.argv[1])
