"""A table of model files the converter has to refuse; each is written by a function that gets the path."""

import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from converter.errors import (
    InputRefused,
    InvalidConfiguration,
    ModelNotBuilt,
    UnreadableArchive,
    UnsupportedLayer,
    WeightMismatch,
)
from tests.converter.keras_files import (
    called,
    make_call,
    make_conv,
    make_dense,
    make_file,
    make_functional,
    make_input,
    make_layer,
    make_sequential,
    make_weights,
)

KERNEL = "layers/dense/vars/0"
_ONES = np.ones(2, "f4")


def _raw(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _entries(**entries: bytes | None) -> Callable[[Path], object]:
    return lambda path: make_file(path, entries={name.replace("__", "."): c for name, c in entries.items()})


def _config(config: object) -> Callable[[Path], object]:
    return lambda path: make_file(path, config)


def _layers(*layers: dict[str, Any]) -> Callable[[Path], object]:
    return _config(make_sequential(make_input(), *layers))


def _picture(*layers: dict[str, Any], sizes: tuple[int | None, ...] = (9, 9, 2)) -> Callable[[Path], object]:
    return _config(make_sequential(make_input("x", *sizes), *layers))


def _normalization(arrays: dict[str, Any]) -> Callable[[Path], object]:
    """A normalization of two numbers whose arrays are these."""
    config = make_sequential(make_input(), make_layer("BatchNormalization", "n"))
    stored = {f"layers/batch_normalization/vars/{place}": array for place, array in arrays.items()}
    return lambda path: make_file(path, config, make_weights(stored))


def _kernel(kernel: Any) -> Callable[[Path], object]:
    """A convolution of 3 by 3 pixels of two channels into one whose kernel is this."""
    config = make_sequential(make_input("x", 9, 9, 2), make_conv(use_bias=False))
    return lambda path: make_file(path, config, make_weights({"layers/conv2d/vars/0": kernel}))


def _store(change: Callable[[h5py.File], object]) -> Callable[[Path], object]:
    """Replace the kernel in the HDF5 file by whatever `change` makes."""

    def changed(store: h5py.File) -> None:
        del store[KERNEL]
        change(store)

    return lambda path: make_file(path, weights=make_weights(change=changed))


def _link(link: object) -> Callable[[Path], object]:
    return _store(lambda store: store.__setitem__(KERNEL, link))


def _external_storage(path: Path) -> None:
    secret = path.with_name("secret.bin")
    secret.write_bytes(np.full((2, 1), 42, "f4").tobytes())
    outside = [(str(secret), 0, 8)]
    _store(lambda store: store.create_dataset(KERNEL, (2, 1), "f4", external=outside))(path)


def _external_link(path: Path) -> None:
    with h5py.File(path.with_name("other.h5"), "w") as other:
        other["kernel"] = np.full((2, 1), 42, "f4")
    _link(h5py.ExternalLink(str(path.with_name("other.h5")), "/kernel"))(path)


def _virtual_dataset(path: Path) -> None:
    layout = h5py.VirtualLayout((2, 1), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "kernel", (2, 1))
    _store(lambda store: store.create_virtual_dataset(KERNEL, layout))(path)


def _compressed(store: h5py.File) -> None:
    store.create_dataset(KERNEL, data=np.zeros((2, 1), "f4"), compression="gzip")


def _linked_folder(store: h5py.File) -> None:
    store.move("layers", "elsewhere")
    store["layers"] = h5py.SoftLink("/elsewhere")


def _many_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(str(number), b"")


def _two_configs(path: Path) -> None:
    make_file(path)
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile notices the duplicate
        archive.writestr("config.json", b"{}")


def _encrypted(path: Path) -> None:
    content = bytearray(make_file(path).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    path.write_bytes(content)


def _damaged(path: Path) -> None:
    content = bytearray(make_file(path).read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)


def _zip64(path: Path) -> None:
    """A second end record that claims ten million entries, hidden from the first one."""
    content = make_file(path).read_bytes()
    end = content.rfind(b"PK\x05\x06")
    many = 10_000_000
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, many, many, 10, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    path.write_bytes(content[:end] + record + locator + content[end:])


def _shared_explosion() -> dict[str, Any]:
    """Each model calls the one inside it twice: 2 ** 15 calls from a small file."""
    model = make_functional([make_input("x")], [["x", 0, 0]], [["x", 0, 0]], name="m0")
    for depth in range(1, 16):
        inner = called(model, make_call(("x", 0, 0)), make_call((f"m{depth - 1}", 0, 0)))
        model = make_functional([make_input("x"), inner], [["x", 0, 0]], [[f"m{depth - 1}", 2, 0]], name=f"m{depth}")
    return model


def _deep_nesting() -> dict[str, Any]:
    model = make_sequential(make_input(), make_dense())
    for depth in range(40):
        model = make_sequential(make_input(), model, name=f"model_{depth}")
    return model


def _graph(layer: dict[str, Any], output: tuple[str, int, int] = ("dense", 0, 0)) -> Callable[[Path], object]:
    return _config(make_functional([make_input("x"), layer], [["x", 0, 0]], [list(output)]))


_LAMBDA = {"class_name": "__lambda__", "config": {"value": "4wEAAAA=", "defaults": None, "closure": None}}
_OPERATION = {
    "module": "keras.src.ops.numpy",
    "class_name": "GetItem",
    "config": {"name": "dense", "fn": "keras.config.set_dtype_policy"},
    "registered_name": None,
    "name": "dense",
    "inbound_nodes": [],
}

UNREADABLE: dict[str, Callable[[Path], object]] = {
    "empty": _raw(b""),
    "text": _raw(b"not a model"),
    "legacy HDF5": lambda path: h5py.File(path, "w").close(),
    "truncated zip": lambda path: path.write_bytes(make_file(path).read_bytes()[:-30]),
    "end record only": _raw(b"PK\x05\x06" + b"\x00" * 18),
    "damaged entry": _damaged,
    "encrypted": _encrypted,
    "no config": _entries(config__json=None),
    "no metadata": _entries(metadata__json=None),
    "no weights": lambda path: make_file(path, entries={"model.weights.h5": None}),
    "two configs": _two_configs,
    "thousands of entries": _many_entries,
    "hidden directory": _zip64,
    "config not JSON": _entries(config__json=b"{"),
    "config not a number": _entries(config__json=b'{"class_name": NaN}'),
    "config not UTF-8": _entries(config__json=b'"\xff\xfe\xff"'),
    "config nested too deep": _entries(config__json=b"[" * 200_000),
    "config bomb": _entries(config__json=b" " * 50_000_000 + b"{}"),
    "Keras 2": _entries(metadata__json=b'{"keras_version": "2.15.0"}'),
    "no Keras version": _entries(metadata__json=b"{}"),
    "weights not HDF5": lambda path: make_file(path, weights=b"nonsense"),
    "weights truncated": lambda path: make_file(path, weights=make_weights()[:900]),
    "weights bomb": lambda path: make_file(path, weights=make_weights() + b"\x00" * 50_000_000),
    "kernel of texts": _store(lambda store: store.create_dataset(KERNEL, data=np.array([[b"a"], [b"b"]]))),
    "kernel of doubles": _store(lambda store: store.create_dataset(KERNEL, data=np.ones((2, 1), "f8"))),
    "kernel a group": _store(lambda store: store.create_group(KERNEL)),
    "kernel compressed": _store(_compressed),
    "soft link": _link(h5py.SoftLink("/layers/dense/vars/1")),
    "dangling soft link": _link(h5py.SoftLink("/nothing")),
    "linked folder": lambda path: make_file(path, weights=make_weights(change=_linked_folder)),
    "external link": _external_link,
    "external storage": _external_storage,
    "virtual dataset": _virtual_dataset,
}

UNSUPPORTED: dict[str, Callable[[Path], object]] = {
    "convolution in groups": _picture(make_conv(groups=2)),
    "channels first": _picture(make_conv(data_format="channels_first")),
    "pooled channels first": _picture(make_layer("MaxPooling2D", "pool", data_format="channels_first")),
    "averaged channels first": _picture(make_layer("GlobalAveragePooling2D", "mean", data_format="channels_first")),
    "flattened channels first": _picture(make_layer("Flatten", "flat", data_format="channels_first")),
    "function on a convolution": _picture(make_conv(activation={"class_name": "function", "config": "os.system"})),
    "convolution of volumes": _layers(make_layer("Conv3D", "conv3d", filters=4)),
    "lambda": _layers(make_layer("Lambda", "lambda", function=_LAMBDA)),
    "custom class": _layers({**make_dense(), "module": "evil", "registered_name": "package>Dense"}),
    "disguised class": _layers({**make_dense(), "registered_name": "package>Dense"}),
    "subclassed model": _config({**make_sequential(), "class_name": "MyModel"}),
    "nested loader": _layers(make_layer("TFSMLayer", "tfsm", filepath="/etc")),
    "file reader": _layers(make_layer("StringLookup", "lookup", vocabulary="/etc/passwd")),
    "pickle": _layers(make_layer("TorchModuleWrapper", "torch", module="AAAA")),
    "function as activation": _layers(make_dense(activation={"class_name": "function", "config": "os.system"})),
    "layer as activation": _layers(make_dense(activation={"class_name": "LeakyReLU", "config": {}})),
    "unknown activation": _layers(make_dense(activation="glu")),
    "training by force": _graph(called(make_dense(), make_call(("x", 0, 0), training=True))),
    "function call by name": _graph(_OPERATION),
}

NOT_BUILT: dict[str, Callable[[Path], object]] = {
    "no input shape": _config(make_sequential(make_dense())),
}

MISMATCHED: dict[str, Callable[[Path], object]] = {
    "no kernel": _store(lambda store: None),
    "kernel of another shape": _store(lambda store: store.create_dataset(KERNEL, data=np.ones((3, 1), "f4"))),
    "kernel shape bomb": _store(lambda store: store.create_dataset(KERNEL, (2**20, 2**20), "f4")),
    "kernel of another window": _kernel(np.ones((3, 2, 2, 1), "f4")),
    "kernel of other channels": _kernel(np.ones((3, 3, 1, 1), "f4")),
    "no variance": _normalization({"0": _ONES, "1": _ONES, "2": _ONES}),
    "variance of another length": _normalization({"0": _ONES, "1": _ONES, "2": _ONES, "3": np.ones(3, "f4")}),
    "variance not a number": _normalization({"0": _ONES, "1": _ONES, "2": _ONES, "3": np.full(2, np.nan, "f4")}),
    "kernel not a number": _store(lambda store: store.create_dataset(KERNEL, data=np.full((2, 1), np.nan, "f4"))),
}

INVALID: dict[str, Callable[[Path], object]] = {
    "config a list": _config([]),
    "config without layers": _config({"class_name": "Sequential", "config": {}}),
    "unknown argument": _layers(make_dense(surprise=1)),
    "text for units": _layers(make_dense(units="4")),
    "truth for units": _layers(make_dense(units=True)),
    "no units": _layers(make_dense(units=0)),
    "units out of range": _layers(make_dense(units=10**12)),
    "adapter": _layers(make_dense(lora_rank=4)),
    "half precision": _layers(make_dense(dtype="mixed_float16")),
    "quantized": _layers(make_dense(quantization_config={"mode": "int8"})),
    "rate out of range": _layers(make_layer("Dropout", "dropout", rate=2)),
    "no filters": _picture(make_conv(filters=0)),
    "fraction of a filter": _picture(make_conv(filters=1.5)),
    "kernel without pixels": _picture(make_conv(kernel_size=[0, 3])),
    "kernel of three sides": _picture(make_conv(kernel_size=[3, 3, 3])),
    "kernel of truth": _picture(make_conv(kernel_size=True)),
    "kernel out of range": _picture(make_conv(kernel_size=[3, 10**12])),
    "strides of nothing": _picture(make_conv(strides=0)),
    "strides beside gaps": _picture(make_conv(strides=2, dilation_rate=2)),
    "padding by hand": _picture(make_conv(padding="causal")),
    "order of axes unknown": _picture(make_conv(data_format="channels_middle")),
    "adapter of a convolution": _picture(make_conv(lora_rank=2)),
    "groups of nothing": _picture(make_conv(groups=0)),
    "kernel larger than the picture": _picture(make_conv(kernel_size=10)),
    "pool larger than the picture": _picture(make_layer("MaxPooling2D", "pool", pool_size=10)),
    "pool of a text": _picture(make_layer("AveragePooling2D", "pool", pool_size="22")),
    "convolution of a row": _layers(make_conv()),
    "mean of a row": _layers(make_layer("GlobalAveragePooling2D", "mean")),
    "unknown channels": _picture(make_conv(), sizes=(9, 9, None)),
    "kept axes of a text": _picture(make_layer("GlobalAveragePooling2D", "mean", keepdims="yes")),
    "normalized batch": _layers(make_layer("BatchNormalization", "n", axis=0)),
    "normalized axis out of range": _layers(make_layer("BatchNormalization", "n", axis=2)),
    "two normalized axes": _layers(make_layer("BatchNormalization", "n", axis=[1, 2])),
    "normalized volume": _picture(make_layer("BatchNormalization", "n"), sizes=(2, 2, 2, 2)),
    "epsilon below zero": _layers(make_layer("BatchNormalization", "n", epsilon=-1)),
    "momentum out of range": _layers(make_layer("BatchNormalization", "n", momentum=2)),
    "renormalized": _layers(make_layer("BatchNormalization", "n", renorm=True)),
    "picture of a billion numbers": _picture(make_layer("Flatten", "flat"), sizes=(100_000, 10_000, 1)),
    "work without end": _picture(make_conv(filters=100, kernel_size=256, padding="same"), sizes=(1000, 1000, 1)),
    "same name twice": _layers(make_dense(), make_dense()),
    "name not a text": _layers(make_layer("Dense", 3, units=1)),  # type: ignore[arg-type]
    "scalar input": _config(make_sequential(make_layer("InputLayer", "x", batch_shape=[None]), make_dense())),
    "unknown last axis": _config(make_sequential(make_input("x", None), make_dense())),
    "integer input": _config(make_sequential(make_layer("InputLayer", "x", batch_shape=[None, 2], dtype="int32"))),
    "too many weights": _layers(make_dense("a", 1_000_000), make_dense("b", 1_000_000)),
    "deep nesting": _config(_deep_nesting()),
    "shared explosion": _config(_shared_explosion()),
    "loop": _graph(called(make_dense(), make_call(("dense", 0, 0)))),
    "tensor from nowhere": _graph(called(make_dense(), make_call(("nothing", 0, 0)))),
    "output from nowhere": _graph(called(make_dense(), make_call(("x", 0, 0))), output=("dense", 7, 0)),
    "second tensor of one": _graph(called(make_dense(), make_call(("x", 0, 1)))),
    "two tensors into one": _graph(called(make_dense(), make_call(("x", 0, 0), ("x", 0, 0)))),
    "malformed call": _graph(called(make_dense(), {"args": 3})),
    "malformed history": _graph(called(make_dense(), make_call(("x", -1, 0)))),
}

BAD_FILES: dict[str, tuple[Callable[[Path], object], type[InputRefused]]] = {
    name: (write, error)
    for table, error in (
        (UNREADABLE, UnreadableArchive),
        (UNSUPPORTED, UnsupportedLayer),
        (NOT_BUILT, ModelNotBuilt),
        (MISMATCHED, WeightMismatch),
        (INVALID, InvalidConfiguration),
    )
    for name, write in table.items()
}
