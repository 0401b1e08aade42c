"""The specification of a run: frozen models whose JSON schema the sliders and the API are made from."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from server.domain import limits
from server.domain.layers import DenseSpec, Frozen, LayerSpec, slider

DatasetName = Literal["circle", "xor", "gauss", "spiral", "moons", "blobs", "plane", "gauss_hills", "digits"]
FeatureName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]
OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
LossName = Literal["auto", "binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"]
ScheduleName = Literal["constant", "step", "cosine"]
StoppingMetric = Literal["loss", "val_loss", "accuracy", "val_accuracy"]
ProblemKind = Literal["classification", "regression"]

FEATURE_NAMES: tuple[FeatureName, ...] = get_args(FeatureName)
REGRESSION_DATASETS: frozenset[DatasetName] = frozenset({"plane", "gauss_hills"})
IMAGE_SHAPES: dict[DatasetName, tuple[int, int, int]] = {"digits": (8, 8, 1)}
"""Height, width and channels of the pictures of a data set; the others are points of the plane."""

_SAMPLES: dict[DatasetName, int] = {"digits": 1_797}
"""How many samples a data set has that is not drawn anew."""

Seed = Annotated[int, Field(ge=0, le=limits.MAX_SEED)]


class DatasetSpec(Frozen):
    """Which samples the run learns from."""

    name: DatasetName = Field("circle", title="Data set")
    samples: int = Field(500, ge=limits.MIN_SAMPLES, le=limits.MAX_SAMPLES, title="Samples")
    noise: float = Field(
        0.0,
        ge=0,
        le=limits.MAX_NOISE,
        title="Noise",
        description="How far the base sample is disturbed, in percent; the base sample itself stays.",
        json_schema_extra=slider(0, 50, 5),
    )
    train_fraction: float = Field(
        0.5,
        ge=0.1,
        le=0.9,
        title="Training share",
        description="Share of the samples that the network learns from; the others test it.",
        json_schema_extra=slider(0.1, 0.9, 0.1),
    )
    classes: int = Field(
        3,
        ge=limits.MIN_CLASSES,
        le=limits.MAX_CLASSES,
        title="Classes",
        description="How many blobs there are; the other data sets have a number of classes of their own.",
    )
    seed: Seed = Field(0, title="Data seed", description="Another seed draws another sample.")


class ScheduleSpec(Frozen):
    """How the learning rate changes from epoch to epoch, as a share of the one that is set."""

    name: ScheduleName = Field("constant", title="Schedule")
    every_epochs: int = Field(
        50, ge=1, le=limits.MAX_EPOCHS, title="Epochs per step", description="step: multiplied again each time."
    )
    factor: float = Field(0.5, gt=0, le=1, title="Factor", description="step: what the rate is multiplied by.")
    epochs: int = Field(
        300, ge=1, le=limits.MAX_EPOCHS, title="Epochs of the descent", description="cosine: when the end is reached."
    )
    final_fraction: float = Field(
        0.0, ge=0, le=1, title="Final share", description="cosine: the share of the rate that remains at the end."
    )


class OptimizerSpec(Frozen):
    """How the weights are moved along the gradient; the other numbers are Keras' defaults."""

    name: OptimizerName = Field("sgd", title="Optimizer")
    learning_rate: float = Field(0.03, ge=0, le=limits.MAX_LEARNING_RATE, title="Learning rate")
    momentum: float = Field(
        0.0, ge=0, lt=1, title="Momentum", description="sgd: the share of the last movement that goes on."
    )
    nesterov: bool = Field(False, title="Nesterov momentum", description="sgd: look ahead along the momentum.")
    clip_norm: float | None = Field(
        None,
        gt=0,
        le=limits.MAX_CLIP,
        title="Clip by norm",
        description="The gradient of each kernel and bias is scaled down to this length; Keras' clipnorm.",
    )
    clip_value: float | None = Field(
        None,
        gt=0,
        le=limits.MAX_CLIP,
        title="Clip by value",
        description="Each number of the gradient is cut to this size; Keras' clipvalue.",
    )
    schedule: ScheduleSpec = Field(default_factory=ScheduleSpec, title="Schedule")


class EarlyStoppingSpec(Frozen):
    """The run ends by itself when a metric has stopped getting better, as Keras' EarlyStopping."""

    metric: StoppingMetric = Field("val_loss", title="Metric", description="Losses should fall, accuracies rise.")
    patience: int = Field(
        20, ge=1, le=limits.MAX_EPOCHS, title="Patience", description="Epochs without progress before the run ends."
    )
    min_delta: float = Field(0.0, ge=0, le=1, title="Least progress", description="Less than this is no progress.")
    restore_best: bool = Field(True, title="Restore the best", description="End with the weights of the best epoch.")


class RegularizationSpec(Frozen):
    """Penalty on the kernels (never the biases), as in Keras' L1L2."""

    l1: float = Field(0.0, ge=0, le=limits.MAX_REGULARIZATION, title="L1 rate")
    l2: float = Field(0.0, ge=0, le=limits.MAX_REGULARIZATION, title="L2 rate")


def _default_layers() -> tuple[LayerSpec, ...]:
    return (DenseSpec(units=4, activation="tanh"), DenseSpec(units=2, activation="tanh"))


class RunSpec(Frozen):
    """Everything about a run: the same spec gives the same numbers on the same machine."""

    dataset: DatasetSpec = Field(default_factory=DatasetSpec, title="Data")
    features: tuple[FeatureName, ...] = Field(
        ("x1", "x2"),
        min_length=1,
        max_length=len(FEATURE_NAMES),
        title="Features",
        description="Inputs of the network, each computed from x1 and x2.",
    )
    layers: tuple[LayerSpec, ...] = Field(
        default_factory=_default_layers, max_length=limits.MAX_LAYERS, title="Hidden layers"
    )
    loss: LossName = Field(
        "auto",
        title="Loss",
        description="auto: cross-entropy for classes (binary for two), mean squared error for numbers.",
    )
    optimizer: OptimizerSpec = Field(default_factory=OptimizerSpec, title="Optimizer")
    regularization: RegularizationSpec = Field(default_factory=RegularizationSpec, title="Regularization")
    batch_size: int = Field(
        10,
        ge=1,
        le=limits.MAX_BATCH_SIZE,
        title="Batch size",
        description="Samples per update of the weights; the last batch of an epoch may be smaller.",
        json_schema_extra=slider(1, 30, 1),
    )
    epochs: int | None = Field(
        None,
        ge=1,
        le=limits.MAX_EPOCHS,
        title="Epochs",
        description="The run finishes after this many epochs; null: at the server's limit.",
    )
    early_stopping: EarlyStoppingSpec | None = Field(
        None, title="Early stopping", description="null: the run goes on to its last epoch."
    )
    seed: Seed = Field(0, title="Seed", description="Decides the initial weights and the order of the samples.")


def problem_of(dataset_name: DatasetName) -> ProblemKind:
    """Whether the labels of a data set are classes or numbers."""
    return "regression" if dataset_name in REGRESSION_DATASETS else "classification"


def classes_of(dataset: DatasetSpec) -> int | None:
    """How many classes the labels name; None for regression."""
    if problem_of(dataset.name) == "regression":
        return None
    return {"blobs": dataset.classes, "digits": 10}.get(dataset.name, 2)


def outputs_of(dataset: DatasetSpec) -> int:
    """Units of the output layer: one per class, but one for two classes and for a number."""
    classes = classes_of(dataset)
    return 1 if classes is None or classes == 2 else classes


def most_samples(dataset_name: DatasetName) -> int:
    """How many samples can be asked of a data set."""
    return _SAMPLES.get(dataset_name, limits.MAX_SAMPLES)


def loss_of(spec: RunSpec) -> LossName:
    """The loss a run really uses: `auto` follows from the data."""
    if spec.loss != "auto":
        return spec.loss
    if problem_of(spec.dataset.name) == "regression":
        return "mse"
    return "binary_crossentropy" if outputs_of(spec.dataset) == 1 else "categorical_crossentropy"


def input_shape(spec: RunSpec) -> tuple[int, ...]:
    """Shape of one sample: (features,), or (height, width, channels) of a picture."""
    return IMAGE_SHAPES.get(spec.dataset.name, (len(spec.features),))


def train_samples(spec: RunSpec) -> int:
    """How many samples the network learns from; at least one is left on either side."""
    wanted = round(spec.dataset.samples * spec.dataset.train_fraction)
    return min(max(wanted, 1), spec.dataset.samples - 1)
