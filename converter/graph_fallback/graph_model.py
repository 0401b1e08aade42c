"""What the graph route makes: a TensorFlow.js graph model as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.model_graph import NamedTensor


@dataclass(frozen=True)
class GraphModel:
    """A graph model before it is written.

    `topology` is the `modelTopology` and `signature` the `signature` of model.json, `arrays` the weights by the name of
    the node they belong to, in the order of the manifest. `inputs` and `outputs` have the order of the Keras model.
    `is_async` says that only `executeAsync` can run it; `notes` are short sentences about what was done.
    """

    topology: Mapping[str, Any]
    signature: Mapping[str, Any]
    arrays: Mapping[str, NDArray[np.generic]]
    inputs: tuple[NamedTensor, ...]
    outputs: tuple[NamedTensor, ...]
    is_async: bool = False
    notes: tuple[str, ...] = ()
