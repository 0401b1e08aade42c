"""Models with random weights, asked about random inputs."""

from typing import Any

import numpy as np


def with_random_weights(model: Any, seed: int = 0) -> Any:
    """Give every weight numbers of its own, so that weights in the wrong place show."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        if np.issubdtype(np.dtype(weight.dtype), np.integer):
            continue
        weight.assign(random.uniform(0.2, 0.9, weight.shape).astype("float32"))
    for layer in model._flatten_layers(include_self=False):
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return model


def inputs_of(model: Any, seed: int = 0, rows: int = 3) -> Any:
    """Inputs in the form the model takes."""
    import keras

    random = np.random.default_rng(seed)
    made = []
    for tensor in keras.tree.flatten(model.inputs):
        sizes = [size or rows for size in tensor.shape]
        if tensor.dtype == "bool":
            made.append(random.uniform(size=sizes) > 0.3)
        elif "int" in tensor.dtype:
            made.append(random.integers(0, 7, sizes).astype(tensor.dtype))
        else:
            made.append(random.normal(size=sizes).astype(tensor.dtype))
    structure = getattr(model, "_inputs_struct", None)
    return made[0] if structure is None else keras.tree.pack_sequence_as(structure, made)


def answers_of(model: Any, inputs: Any) -> list[Any]:
    """What a model answers, output by output."""
    import keras

    return [np.asarray(keras.ops.convert_to_numpy(one)) for one in keras.tree.flatten(model(inputs, training=False))]
