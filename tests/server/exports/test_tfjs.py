"""The TensorFlow.js files of a run."""

import base64
import hashlib
import json

import numpy as np

from server.exports.tfjs import tfjs_files
from server.training.build import build_model
from server.training.frames import encode_weights
from tests.recipes import make_recipe

ABOUT = {"run_id": "a" * 20, "epoch": 3, "step": 75}


def test_the_files_are_the_model_its_weights_and_its_probe() -> None:
    assert set(tfjs_files(build_model(make_recipe()[0]), ABOUT)) == {"model.json", "probe.json", "group1-shard1of1.bin"}


def test_a_frame_has_the_very_bytes_of_the_shard() -> None:
    model = build_model(make_recipe()[0])
    shard = tfjs_files(model, ABOUT)["group1-shard1of1.bin"]
    assert base64.b64decode(encode_weights(np.concatenate([weight.ravel() for weight in model.get_weights()]))) == shard


def test_model_and_probe_name_the_weights_they_belong_to() -> None:
    files = tfjs_files(build_model(make_recipe()[0]), ABOUT)
    described = json.loads(files["model.json"])["userDefinedMetadata"]
    expected = hashlib.sha256(files["group1-shard1of1.bin"]).hexdigest()
    assert described == {**ABOUT, "weights_sha256": expected}
    assert json.loads(files["probe.json"])["weights_sha256"] == expected


def test_the_probe_holds_what_keras_answers() -> None:
    model = build_model(make_recipe()[0])
    probe = json.loads(tfjs_files(model, ABOUT)["probe.json"])
    inputs = np.array(probe["inputs"][0]["data"], np.float32).reshape(probe["inputs"][0]["shape"])
    expected = np.array(probe["outputs"][0]["data"], np.float32).reshape(probe["outputs"][0]["shape"])
    assert np.array_equal(np.asarray(model(inputs)), expected)
