"""A table of model files the converter has to refuse; each is written by a function that gets the path."""

import io
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
from tests.converter.keras_files import bad_archives
from tests.converter.keras_files.handmade import (
    called,
    make_call,
    make_conv,
    make_dense,
    make_file,
    make_functional,
    make_input,
    make_layer,
    make_legacy,
    make_operation,
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


def _deep_wrapping() -> dict[str, Any]:
    layer = make_dense()
    for depth in range(60):
        layer = make_layer("TimeDistributed", f"t{depth}", layer=layer)
    return make_sequential(make_input(), layer)


def _graph(
    layer: dict[str, Any], output: tuple[str, int, int] = ("dense", 0, 0), sizes: tuple[int, ...] = (2,)
) -> Callable[[Path], object]:
    return _config(make_functional([make_input("x", *sizes), layer], [["x", 0, 0]], [list(output)]))


def _sequence(layer: dict[str, Any], sizes: tuple[int, ...] = (8, 8)) -> Callable[[Path], object]:
    """One layer, called once (or on itself, if it attends)."""
    name = layer["config"]["name"]
    tensors = [("x", 0, 0)] * (2 if "Attention" in layer["class_name"] else 1)
    call = {"args": [make_call(tensor)["args"][0] for tensor in tensors], "kwargs": {}}
    layers = [make_input("x", *sizes), called(layer, call)]
    return _config(make_functional(layers, [["x", 0, 0]], [[name, 0, 0]]))


def _work_without_end(path: Path) -> None:
    conv = make_conv(filters=8, kernel_size=64, padding="same", use_bias=False)
    config = make_sequential(make_input("x", 4_000, 4_000, 1), conv)
    make_file(path, config, make_weights({"layers/conv2d/vars/0": np.zeros((64, 64, 1, 8), "f4")}))


def _long_tensor() -> dict[str, Any]:
    tensor: dict[str, Any] = make_call(("x", 0, 0))["args"][0]
    return tensor


def _function(module: str, name: str) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def _poison(name: str) -> dict[str, Any]:
    """A call of a function of Keras that changes the process, disguised as a layer nothing is connected to."""
    call = {"args": ["float16"], "kwargs": {}}
    return {"module": "keras.config", "class_name": name, "config": {"name": "dense"}, "inbound_nodes": [call]}


def _loose_function() -> dict[str, Any]:
    layers = [
        make_input("x"),
        called(make_dense(), make_call(("x", 0, 0))),
        called(make_operation("Exp", "loose"), make_call(("x", 0, 0))),
    ]
    return make_functional(layers, [["x", 0, 0]], [["dense", 0, 0]])


def _dense(store: h5py.File) -> Any:
    return store["model_weights/dense"]


def _external_legacy(store: h5py.File) -> None:
    group = _dense(store)
    del group["dense/kernel:0"]
    group["dense/kernel:0"] = h5py.ExternalLink("/etc/other.h5", "/kernel")


def _linked_legacy(store: h5py.File) -> None:
    store.move("model_weights/dense", "elsewhere")
    store["model_weights/dense"] = h5py.SoftLink("/elsewhere")


def _pickled_numpy() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, weights=np.array([{"evil": 1}], dtype=object))
    return stream.getvalue()


_TEXT_INPUT = make_layer("InputLayer", "x", batch_shape=[None, 2])
_TEXT_INPUT["config"]["dtype"] = "string"
_LAMBDA = {"class_name": "__lambda__", "config": {"value": "4wEAAAA=", "defaults": None, "closure": None}}
_OLD_LAMBDA = {
    "class_name": "Lambda",
    "config": {"name": "f", "trainable": True, "function": ["4wEAAAA=", None, None]},
}
_OLD_FUNCTION = {"class_name": "TFOpLambda", "config": {"name": "tf.io.read_file", "function": "io.read_file"}}
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
    "truncated zip": lambda path: path.write_bytes(make_file(path).read_bytes()[:-30]),
    "end record only": _raw(b"PK\x05\x06" + b"\x00" * 18),
    "damaged entry": bad_archives.damaged,
    "encrypted": bad_archives.encrypted,
    "no config": _entries(config__json=None),
    "no metadata": _entries(metadata__json=None),
    "no weights": lambda path: make_file(path, entries={"model.weights.h5": None}),
    "two configs": bad_archives.two_configs,
    "thousands of entries": bad_archives.many_entries,
    "hidden directory": bad_archives.zip64,
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
    "a tar file": bad_archives.tar,
    "name that leads out": _entries(**{"../outside__txt": b"outside"}),
    "absolute name": _entries(**{"/tmp/outside__txt": b"outside"}),
    "name of Windows that leads out": _entries(**{"..\\outside__txt": b"outside"}),
    "symbolic link": bad_archives.symbolic_link,
    "overlapping entries": bad_archives.overlapping,
    "pickled weights": lambda path: make_file(
        path, entries={"model.weights.h5": None, "model.weights.npz": _pickled_numpy()}
    ),
    "legacy without a model": lambda path: h5py.File(path, "w").close(),
    "legacy of Keras 1": lambda path: make_legacy(path, version="1.2.2"),
    "legacy without a configuration": lambda path: make_legacy(
        path, change=lambda store: store.attrs.__delitem__("model_config")
    ),
    "legacy with a number for a configuration": lambda path: make_legacy(
        path, change=lambda store: store.attrs.__setitem__("model_config", 3)
    ),
    "legacy cut off": lambda path: path.write_bytes(make_legacy(path).read_bytes()[:1500]),
}

UNSUPPORTED: dict[str, Callable[[Path], object]] = {
    "lambda": _layers(make_layer("Lambda", "lambda", function=_LAMBDA)),
    "lambda of Keras 2": lambda path: make_legacy(path, make_sequential(make_input(), _OLD_LAMBDA)),
    "lambda as activation": _layers(make_dense(activation=_LAMBDA)),
    "lambda as cell": _layers(make_layer("RNN", "rnn", cell=make_layer("Lambda", "lambda", function=_LAMBDA))),
    "function of TensorFlow": lambda path: make_legacy(path, make_sequential(make_input(), _OLD_FUNCTION)),
    "custom class": _layers({**make_dense(), "module": "evil", "registered_name": "package>Dense"}),
    "disguised class": _layers({**make_dense(), "registered_name": "package>Dense"}),
    "subclassed model": _config({**make_sequential(), "class_name": "MyModel"}),
    "a layer alone": _config(make_dense()),
    "nested loader": _layers(make_layer("TFSMLayer", "tfsm", filepath="/etc")),
    "file reader": _layers(make_layer("StringLookup", "lookup", vocabulary="/etc/passwd")),
    "address reader": _layers(make_layer("TextVectorization", "text", vocabulary="http://127.0.0.1:9/words")),
    "pickle": _layers(make_layer("TorchModuleWrapper", "torch", module="AAAA")),
    "pickle of Jax": _layers(make_layer("JaxLayer", "jax", call_fn=_LAMBDA)),
    "function as activation": _layers(make_dense(activation={"class_name": "function", "config": "os.system"})),
    "function of a module as activation": _layers(make_dense(activation=_function("os", "system"))),
    "function as layer": _layers(
        {**_function("keras.config", "enable_unsafe_deserialization"), "config": {"name": "f"}}
    ),
    "unknown layer as activation": _layers(make_dense(activation=make_layer("Dense", "inside", units=1))),
    "unknown activation": _layers(make_dense(activation="tahn")),
    "unknown function": _graph(called(make_operation("WhileLoop", "dense"), make_call(("x", 0, 0)))),
    "texts as input": _config(make_sequential(_TEXT_INPUT, make_dense())),
    "quantized": _layers(make_dense(dtype={"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8"}})),
    "eight bit floats": _layers(make_dense(dtype="float8")),
    "unknown option of a call": _graph(called(make_dense(), make_call(("x", 0, 0), surprise=1))),
    "function called to poison the process": _graph(_poison("set_dtype_policy")),
}

NOT_BUILT: dict[str, Callable[[Path], object]] = {
    "no input shape": _config(make_sequential(make_dense())),
    "no input shape but a shape bomb": _config(
        make_sequential({**make_dense(units=1_000_000), "build_config": {"input_shape": [None, 10**9]}})
    ),
}

INVALID: dict[str, Callable[[Path], object]] = {
    "config a list": _config([]),
    "config without layers": _config({"class_name": "Sequential", "config": {}}),
    "unknown argument": _layers(make_dense(surprise=1)),
    "missing argument": _layers(make_layer("Dense", "dense")),
    "text for units": _layers(make_dense(units="4")),
    "truth for units": _layers(make_dense(units=True)),
    "no units": _layers(make_dense(units=0)),
    "units out of range": _layers(make_dense(units=10**12)),
    "quantization": _layers(make_dense(quantization_config={"mode": "int8"})),
    "rate out of range": _layers(make_layer("Dropout", "dropout", rate=2)),
    "no filters": _picture(make_conv(filters=0)),
    "fraction of a filter": _picture(make_conv(filters=1.5)),
    "kernel without pixels": _picture(make_conv(kernel_size=[0, 3])),
    "kernel of three sides": _picture(make_conv(kernel_size=[3, 3, 3])),
    "kernel of truth": _picture(make_conv(kernel_size=True)),
    "kernel out of range": _picture(make_conv(kernel_size=[3, 10**12])),
    "strides of nothing": _picture(make_conv(strides=0)),
    "padding by hand": _picture(make_conv(padding="causal")),
    "order of axes unknown": _picture(make_conv(data_format="channels_middle")),
    "groups of nothing": _picture(make_conv(groups=0)),
    "pool of a text": _picture(make_layer("AveragePooling2D", "pool", pool_size="22")),
    "kept axes of a text": _picture(make_layer("GlobalAveragePooling2D", "mean", keepdims="yes")),
    "two normalized axes": _layers(make_layer("BatchNormalization", "n", axis=[1, 2])),
    "epsilon below zero": _layers(make_layer("BatchNormalization", "n", epsilon=-1)),
    "momentum out of range": _layers(make_layer("BatchNormalization", "n", momentum=2)),
    "renormalized": _layers(make_layer("BatchNormalization", "n", renorm=True)),
    "sparse input": _config(make_sequential(make_layer("InputLayer", "x", batch_shape=[None, 2], sparse=True))),
    "same name twice": _layers(make_dense(), make_dense()),
    "name not a text": _layers(make_layer("Dense", 3, units=1)),  # type: ignore[arg-type]
    "name with a slash": _layers(make_dense("a/b")),
    "deep nesting": _config(_deep_nesting()),
    "deep wrapping": _config(_deep_wrapping()),
    "shared explosion": _config(_shared_explosion()),
    "loop": _graph(called(make_dense(), make_call(("dense", 0, 0)))),
    "tensor from nowhere": _graph(called(make_dense(), make_call(("nothing", 0, 0)))),
    "output from nowhere": _graph(called(make_dense(), make_call(("x", 0, 0))), output=("dense", 7, 0)),
    "nothing called": _graph(make_dense()),
    "called without a tensor": _graph(called(make_dense(), {"args": [], "kwargs": {}})),
    "called with a number": _graph(called(make_dense(), {"args": [3], "kwargs": {}})),
    "malformed call": _graph(called(make_dense(), {"args": 3})),
    "malformed history": _graph(called(make_dense(), make_call(("x", -1, 0)))),
    "function that nothing calls": _graph(make_operation("Add", "dense")),
    "function with a name of a function": _graph(_OPERATION),
    "function that no output needs": _config(_loose_function()),
}

# Found only when the model is built, for which Keras is needed.
UNFIT: dict[str, Callable[[Path], object]] = {
    "strides beside gaps": _picture(make_conv(strides=2, dilation_rate=2)),
    "kernel larger than the picture": _picture(make_conv(kernel_size=10)),
    "pool larger than the picture": _picture(make_layer("MaxPooling2D", "pool", pool_size=10)),
    "convolution of a row": _layers(make_conv()),
    "mean of a row": _layers(make_layer("GlobalAveragePooling2D", "mean")),
    "unknown channels": _picture(make_conv(), sizes=(9, 9, None)),
    "unknown last axis": _config(make_sequential(make_input("x", None), make_dense())),
    "normalized axis out of range": _layers(make_layer("BatchNormalization", "n", axis=2)),
    "picture of a billion numbers": _picture(make_layer("Flatten", "flat"), sizes=(100_000, 10_000, 1)),
    "work without end": _work_without_end,
    "too many weights": _layers(make_dense("a", 1_000_000), make_dense("b", 1_000_000)),
    "more weights than the file holds": _layers(make_dense("a", 5_000), make_dense("b", 5_000)),
    "more heads than the file holds": _sequence(
        make_layer("MultiHeadAttention", "heads", num_heads=1_000, key_dim=10_000)
    ),
    "more states than the file holds": _sequence(make_layer("LSTM", "lstm", units=100_000)),
    "more statistics than the file holds": _sequence(
        make_layer("Normalization", "n", axis=[1, 2], mean=None, variance=None), sizes=(10_000, 10_000)
    ),
    "more scales than the file holds": _sequence(
        make_layer("RMSNormalization", "n", axis=[1, 2]), sizes=(10_000, 10_000)
    ),
    "more slopes than the file holds": _sequence(make_layer("PReLU", "p"), sizes=(10_000, 10_000)),
    "wrapped weights": _sequence(
        make_layer("TimeDistributed", "t", layer=make_dense("inside", 1_000_000)), sizes=(2, 1_000)
    ),
    "turned around weights": _sequence(
        make_layer("Bidirectional", "b", layer=make_layer("GRU", "inside", units=100_000))
    ),
    "scores of long sequences": _graph(
        called(
            make_layer("Attention", "dense"),
            {"args": [[_long_tensor(), _long_tensor()]], "kwargs": {}},
        ),
        sizes=(1_000_000, 2),
    ),
    "repeated without end": _sequence(make_layer("UpSampling3D", "up", size=256), sizes=(64, 64, 64, 1)),
    "second tensor of one": _graph(called(make_dense(), make_call(("x", 0, 1)))),
    "two tensors into one": _graph(called(make_dense(), make_call(("x", 0, 0), ("x", 0, 0)))),
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
    "fewer weights of Keras 2": lambda path: make_legacy(
        path, change=lambda store: _dense(store).attrs.__setitem__("weight_names", [b"dense/kernel:0"])
    ),
    "layer of Keras 2 without weights": lambda path: make_legacy(
        path, change=lambda store: store["model_weights"].__delitem__("dense")
    ),
}

# What Keras looks into when it opens a file, and this door does not.
INDIRECT: dict[str, Callable[[Path], object]] = {
    "kernel of texts": _store(lambda store: store.create_dataset(KERNEL, data=np.array([[b"a"], [b"b"]]))),
    "kernel a group": _store(lambda store: store.create_group(KERNEL)),
    "kernel compressed": _store(_compressed),
    "kernel of compounds": _store(
        lambda store: store.create_dataset(KERNEL, (2, 1), np.dtype([("a", "f4"), ("b", "f4")]))
    ),
    "soft link": _link(h5py.SoftLink("/layers/dense/vars/1")),
    "dangling soft link": _link(h5py.SoftLink("/nothing")),
    "linked folder": lambda path: make_file(path, weights=make_weights(change=_linked_folder)),
    "external link": _external_link,
    "external storage": _external_storage,
    "virtual dataset": _virtual_dataset,
    "external link of Keras 2": lambda path: make_legacy(path, change=_external_legacy),
    "linked folder of Keras 2": lambda path: make_legacy(path, change=_linked_legacy),
}

BEFORE_KERAS: dict[str, tuple[Callable[[Path], object], type[InputRefused]]] = {
    name: (write, error)
    for table, error in (
        (UNREADABLE, UnreadableArchive),
        (UNSUPPORTED, UnsupportedLayer),
        (NOT_BUILT, ModelNotBuilt),
        (INVALID, InvalidConfiguration),
    )
    for name, write in table.items()
}

BAD_FILES: dict[str, tuple[Callable[[Path], object], type[InputRefused]]] = {
    **BEFORE_KERAS,
    **{
        name: (write, error)
        for table, error in (
            (UNFIT, InvalidConfiguration),
            (MISMATCHED, WeightMismatch),
            (INDIRECT, UnreadableArchive),
        )
        for name, write in table.items()
    },
}
