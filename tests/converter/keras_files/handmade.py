"""Crafted .keras files: valid by default, one thing changed."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

DTYPE = {
    "module": "keras",
    "class_name": "DTypePolicy",
    "config": {"name": "float32"},
    "registered_name": None,
}


def make_layer(class_name: str, name: str, **config: object) -> dict[str, Any]:
    """One entry of `layers`, as Keras writes it."""
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": DTYPE, **config},
        "registered_name": None,
    }


def make_input(name: str = "features", *sizes: int | None) -> dict[str, Any]:
    """An InputLayer entry."""
    entry = make_layer("InputLayer", name, batch_shape=[None, *(sizes or (2,))], sparse=False, ragged=False)
    entry["config"] |= {"dtype": "float32"}
    return entry


def make_dense(name: str = "dense", units: object = 1, **config: object) -> dict[str, Any]:
    """A Dense entry."""
    return make_layer("Dense", name, **{"units": units, "activation": "linear", "use_bias": True, **config})


def make_conv(name: str = "conv2d", **config: object) -> dict[str, Any]:
    """A Conv2D entry: one filter of 3 by 3 pixels."""
    return make_layer("Conv2D", name, **{"filters": 1, "kernel_size": [3, 3], **config})


def make_sequential(*layers: dict[str, Any], **config: object) -> dict[str, Any]:
    """A Sequential model of one input and one Dense layer, or of the layers given."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "model", "trainable": True, "dtype": DTYPE, "layers": list(layers or _SMALL), **config},
        "registered_name": None,
    }


_SMALL = (make_input(), make_dense())


def make_call(*histories: tuple[str, int, int], **kwargs: object) -> dict[str, Any]:
    """One entry of `inbound_nodes`."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"shape": [None, 2], "dtype": "float32", "keras_history": list(h)}}
        for h in histories
    ]
    return {"args": tensors if len(tensors) == 1 else [tensors], "kwargs": kwargs}


def make_functional(
    layers: list[dict[str, Any]], inputs: object, outputs: object, name: str = "model"
) -> dict[str, Any]:
    """A functional model; each layer has its `inbound_nodes` already."""
    for layer in layers:
        layer.setdefault("name", layer["config"]["name"])
        layer.setdefault("inbound_nodes", [])
    config = {"name": name, "trainable": True, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


def called(layer: dict[str, Any], *calls: dict[str, Any]) -> dict[str, Any]:
    """A layer with calls."""
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": list(calls)}


def make_weights(arrays: Mapping[str, Any] | None = None, change: Callable[[h5py.File], None] | None = None) -> bytes:
    """The content of model.weights.h5; by default for the default model."""
    if arrays is None:
        arrays = {"layers/dense/vars/0": np.ones((2, 1), "f4"), "layers/dense/vars/1": np.zeros(1, "f4")}
    stream = io.BytesIO()
    with h5py.File(stream, "w") as store:
        for name, array in arrays.items():
            store.create_dataset(name, data=array)
        if change is not None:
            change(store)
    return stream.getvalue()


def make_file(
    path: Path,
    config: object = None,
    weights: bytes | None = None,
    entries: Mapping[str, bytes | None] | None = None,
) -> Path:
    """Write a .keras file; `entries` replaces entries, None leaves one out."""
    contents: dict[str, bytes | None] = {
        "metadata.json": json.dumps({"keras_version": "3.15.1", "date_saved": "2026-11-20@10:00:00"}).encode(),
        "config.json": json.dumps(make_sequential() if config is None else config).encode(),
        "model.weights.h5": make_weights() if weights is None else weights,
        **(entries or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def make_operation(class_name: str, name: str, module: str = "keras.src.ops.numpy", **config: object) -> dict[str, Any]:
    """A function of keras.ops as an entry of `layers`."""
    return {
        "module": module,
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": class_name,
        "name": name,
        "inbound_nodes": [],
    }


def make_legacy(
    path: Path,
    config: object = None,
    version: str = "2.15.0",
    change: Callable[[h5py.File], None] | None = None,
) -> Path:
    """Write an .h5 file; by default of the small model, its weights ones."""
    with h5py.File(path, "w") as store:
        store.attrs["keras_version"] = version
        store.attrs["backend"] = "tensorflow"
        store.attrs["model_config"] = json.dumps(make_sequential() if config is None else config)
        group = store.create_group("model_weights/dense")
        group.attrs["weight_names"] = [b"dense/kernel:0", b"dense/bias:0"]
        group.create_dataset("dense/kernel:0", data=np.ones((2, 1), "f4"))
        group.create_dataset("dense/bias:0", data=np.ones(1, "f4"))
        if change is not None:
            change(store)
    return path
