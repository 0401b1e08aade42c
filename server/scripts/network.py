"""The part of a script that builds the network."""

from collections.abc import Sequence

from server.domain.layers import (
    AveragePooling2DSpec,
    BatchNormalizationSpec,
    Conv2DSpec,
    DenseSpec,
    DropoutSpec,
    FlattenSpec,
    LayerSpec,
    MaxPooling2DSpec,
)
from server.domain.spec import (
    LossName,
    OptimizerName,
    OptimizerSpec,
    RunSpec,
    initializer_of,
    loss_of,
    outputs_of,
    problem_of,
)

_LOSSES: dict[LossName, str] = {
    "binary_crossentropy": "BinaryCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy",
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "huber": "Huber",
}
_OPTIMIZERS: dict[OptimizerName, str] = {
    "sgd": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}

_SEED_FUNCTIONS = '''def layer_seed(purpose, index):
    """Each layer draws its own random numbers, so that one layer more leaves the others as they are."""
    return int(np.random.SeedSequence([SEED, purpose, index]).generate_state(1)[0] >> 1)


def first_weights(index, kind=keras.initializers.GlorotUniform):
    return kind(seed=layer_seed(0, index))'''


def network_section(spec: RunSpec, first: Sequence[str], metrics: str = "") -> str:
    """Source that defines `model`, `loss` and compiles; `first` stands before the layers of the spec."""
    layers = [*first, *(_layer(spec, index) for index in range(len(spec.layers) + 1))]
    listed = "".join(f"    {layer},\n" for layer in layers)
    penalty = f"penalty = {_penalty(spec)}\n" if _has_penalty(spec) else ""
    return (
        f"{_SEED_FUNCTIONS}\n\n\n{penalty}model = keras.Sequential([\n{listed}])\n"
        f"loss = keras.losses.{_LOSSES[loss_of(spec)]}()\n"
        f"model.compile(optimizer={_optimizer(spec.optimizer)}, loss=loss{metrics})\n"
        "model.summary()"
    )


def _layer(spec: RunSpec, index: int) -> str:
    """One layer; the one after the last hidden layer is the output layer."""
    if index == len(spec.layers):
        return _dense(spec, index, outputs_of(spec.dataset), output_activation(spec))
    layer = spec.layers[index]
    if isinstance(layer, DenseSpec):
        return _dense(spec, index, layer.units, layer.activation)
    return _convolution(spec, index, layer) if isinstance(layer, Conv2DSpec) else _plain_layer(layer, index)


def _dense(spec: RunSpec, index: int, units: int, activation: str) -> str:
    return f'keras.layers.Dense({units}, activation="{activation}", {_kernel(spec, index)})'


def _convolution(spec: RunSpec, index: int, layer: Conv2DSpec) -> str:
    strides = f", strides={layer.strides}" if layer.strides > 1 else ""
    padding = ', padding="same"' if layer.padding == "same" else ""
    options = f'{layer.filters}, {layer.kernel_size}{strides}{padding}, activation="{layer.activation}"'
    return f"keras.layers.Conv2D({options}, {_kernel(spec, index)})"


def _kernel(spec: RunSpec, index: int) -> str:
    kind = ", keras.initializers.HeUniform" if initializer_of(spec, index) == "he_uniform" else ""
    penalty = ", kernel_regularizer=penalty" if _has_penalty(spec) else ""
    return f"kernel_initializer=first_weights({index}{kind}){penalty}"


def _plain_layer(layer: LayerSpec, index: int) -> str:
    if isinstance(layer, DropoutSpec):
        return f"keras.layers.Dropout({layer.rate:g}, seed=layer_seed(2, {index}))"
    if isinstance(layer, BatchNormalizationSpec):
        return f"keras.layers.BatchNormalization(momentum={layer.momentum:g})"
    if isinstance(layer, FlattenSpec):
        return "keras.layers.Flatten()"
    if isinstance(layer, MaxPooling2DSpec | AveragePooling2DSpec):
        kind = "MaxPooling2D" if isinstance(layer, MaxPooling2DSpec) else "AveragePooling2D"
        padding = ', padding="same"' if layer.padding == "same" else ""
        return f"keras.layers.{kind}({layer.pool_size}{padding})"
    return "keras.layers.GlobalAveragePooling2D()"


def output_activation(spec: RunSpec) -> str:
    """What fits the labels: sigmoid for two classes, softmax for more, linear for numbers."""
    if problem_of(spec.dataset.name) == "regression":
        return "linear"
    return "sigmoid" if outputs_of(spec.dataset) == 1 else "softmax"


def _has_penalty(spec: RunSpec) -> bool:
    return spec.regularization.l1 > 0 or spec.regularization.l2 > 0


def _penalty(spec: RunSpec) -> str:
    return f"keras.regularizers.L1L2(l1={spec.regularization.l1:g}, l2={spec.regularization.l2:g})"


def _optimizer(wanted: OptimizerSpec) -> str:
    options = [f"learning_rate={wanted.learning_rate!r}"]
    if wanted.momentum:
        options.append(f"momentum={wanted.momentum!r}")
    if wanted.nesterov:
        options.append("nesterov=True")
    if wanted.clip_norm is not None:
        options.append(f"clipnorm={wanted.clip_norm!r}")
    if wanted.clip_value is not None:
        options.append(f"clipvalue={wanted.clip_value!r}")
    return f"keras.optimizers.{_OPTIMIZERS[wanted.name]}({', '.join(options)})"
