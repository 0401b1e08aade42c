"""The layers of Keras that a model file may name, and why the others are refused."""

from __future__ import annotations

from collections.abc import Mapping

from converter.keras_files.arguments import layer, list_of
from converter.keras_files.layers import convolution, core, preprocessing, recurrent
from converter.keras_files.layers.kind import LayerKind

LAYERS: Mapping[str, LayerKind] = {
    **core.KINDS,
    **convolution.KINDS,
    **recurrent.KINDS,
    **preprocessing.KINDS,
    "Pipeline": LayerKind(needs={"layers": list_of(layer, 0, 64)}),
}
"""Layers by class name; InputLayer, Sequential and Functional are read by rules of their own."""

_RUNS_CODE = "can hold code of its author, which is never run"
_TEXT = "works with texts or whole numbers of any size, which TensorFlow.js layers do not"

REFUSED: Mapping[str, str] = {
    "FlaxLayer": _RUNS_CODE,
    "JaxLayer": _RUNS_CODE,
    "Lambda": _RUNS_CODE,
    "TFSMLayer": _RUNS_CODE,
    "TorchModuleWrapper": _RUNS_CODE,
    "TFOpLambda": "is a function of TensorFlow called by its name, which Keras 3 does not know",
    "SlicingOpLambda": "is a function of TensorFlow called by its name, which Keras 3 does not know",
    "TensorFlowOpLayer": "is a function of TensorFlow called by its name, which Keras 3 does not know",
    "FeatureSpace": _TEXT,
    "HashedCrossing": _TEXT,
    "Hashing": _TEXT,
    "IntegerLookup": _TEXT,
    "StringLookup": _TEXT,
    "TextVectorization": _TEXT,
    "MaxNumBoundingBoxes": "works with boxes around things in pictures, not with tensors",
}
"""Why a class of layers is refused, after its name."""

_REWRITE = "rewrite the model with layers or functions of keras.ops and save it with Keras 3"
_OUTSIDE = "prepare the data before it goes into the model"

INSTEAD: Mapping[str, str] = {
    **dict.fromkeys(["FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"], "use layers of Keras itself"),
    **dict.fromkeys(["TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"], _REWRITE),
    **{name: _OUTSIDE for name, reason in REFUSED.items() if reason == _TEXT},
    "Lambda": "use a function of keras.ops, or a layer, or give --trusted if the file is your own",
}
"""What to do about a refused class."""

ALIASES: Mapping[str, str] = {
    "GroupedQueryAttention": "GroupQueryAttention",
    **{f"Convolution{rank}D": f"Conv{rank}D" for rank in (1, 2, 3)},
    **{f"Convolution{rank}DTranspose": f"Conv{rank}DTranspose" for rank in (1, 2, 3)},
    **{f"SeparableConvolution{rank}D": f"SeparableConv{rank}D" for rank in (1, 2)},
    **{
        f"{scope}{short}Pool{rank}D": f"{scope}{long}Pooling{rank}D"
        for scope in ("", "Global")
        for short, long in (("Avg", "Average"), ("Max", "Max"))
        for rank in (1, 2, 3)
    },
}
"""Other names of the same classes."""
