"""The specification of a run: frozen models whose JSON schema the sliders and the API are made from."""

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from server.domain import limits

DatasetName = Literal["circle", "xor", "gauss", "spiral", "plane", "gauss_hills"]
FeatureName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]
Activation = Literal["relu", "tanh", "sigmoid", "linear"]
OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
LossName = Literal["auto", "binary_crossentropy", "mse", "mae"]
ProblemKind = Literal["classification", "regression"]

FEATURE_NAMES: tuple[FeatureName, ...] = get_args(FeatureName)
REGRESSION_DATASETS: frozenset[DatasetName] = frozenset({"plane", "gauss_hills"})


class _Frozen(BaseModel):
    """Immutable, and strict about names: a misspelt field is a problem, not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _slider(minimum: float, maximum: float, step: float) -> JsonDict:
    """What a slider should offer where that is less than what the server accepts."""
    return {"slider": {"minimum": minimum, "maximum": maximum, "step": step}}


Seed = Annotated[int, Field(ge=0, le=limits.MAX_SEED)]


class DatasetSpec(_Frozen):
    """Which samples the run learns from."""

    name: DatasetName = Field("circle", title="Data set")
    samples: int = Field(500, ge=limits.MIN_SAMPLES, le=limits.MAX_SAMPLES, title="Samples")
    noise: float = Field(
        0.0,
        ge=0,
        le=limits.MAX_NOISE,
        title="Noise",
        description="How far the base sample is disturbed, in percent; the base sample itself stays.",
        json_schema_extra=_slider(0, 50, 5),
    )
    train_fraction: float = Field(
        0.5,
        ge=0.1,
        le=0.9,
        title="Training share",
        description="Share of the samples that the network learns from; the others test it.",
        json_schema_extra=_slider(0.1, 0.9, 0.1),
    )
    seed: Seed = Field(0, title="Data seed", description="Another seed draws another sample.")


class DenseSpec(_Frozen):
    """A fully connected hidden layer."""

    kind: Literal["dense"] = Field("dense", title="Kind of layer")
    units: int = Field(4, ge=1, le=limits.MAX_UNITS, title="Units", json_schema_extra=_slider(1, 16, 1))
    activation: Activation = Field("tanh", title="Activation")


class OptimizerSpec(_Frozen):
    """How the weights are moved along the gradient; the other numbers are Keras' defaults."""

    name: OptimizerName = Field("sgd", title="Optimizer")
    learning_rate: float = Field(0.03, ge=0, le=limits.MAX_LEARNING_RATE, title="Learning rate")


class RegularizationSpec(_Frozen):
    """Penalty on the kernels (never the biases), as in Keras' L1L2."""

    l1: float = Field(0.0, ge=0, le=limits.MAX_REGULARIZATION, title="L1 rate")
    l2: float = Field(0.0, ge=0, le=limits.MAX_REGULARIZATION, title="L2 rate")


def _default_layers() -> tuple[DenseSpec, ...]:
    return (DenseSpec(units=4, activation="tanh"), DenseSpec(units=2, activation="tanh"))


class RunSpec(_Frozen):
    """Everything about a run: the same spec gives the same numbers on the same machine."""

    dataset: DatasetSpec = Field(default_factory=DatasetSpec, title="Data")
    features: tuple[FeatureName, ...] = Field(
        ("x1", "x2"),
        min_length=1,
        max_length=len(FEATURE_NAMES),
        title="Features",
        description="Inputs of the network, each computed from x1 and x2.",
    )
    layers: tuple[DenseSpec, ...] = Field(
        default_factory=_default_layers, max_length=limits.MAX_LAYERS, title="Hidden layers"
    )
    loss: LossName = Field(
        "auto",
        title="Loss",
        description="auto: binary cross-entropy for classes, mean squared error for numbers.",
    )
    optimizer: OptimizerSpec = Field(default_factory=OptimizerSpec, title="Optimizer")
    regularization: RegularizationSpec = Field(default_factory=RegularizationSpec, title="Regularization")
    batch_size: int = Field(
        10,
        ge=1,
        le=limits.MAX_BATCH_SIZE,
        title="Batch size",
        description="Samples per update of the weights; the last batch of an epoch may be smaller.",
        json_schema_extra=_slider(1, 30, 1),
    )
    epochs: int | None = Field(
        None,
        ge=1,
        le=limits.MAX_EPOCHS,
        title="Epochs",
        description="The run finishes after this many epochs; null: at the server's limit.",
    )
    seed: Seed = Field(0, title="Seed", description="Decides the initial weights and the order of the samples.")


def problem_of(dataset_name: DatasetName) -> ProblemKind:
    """Whether the labels of a data set are classes or numbers."""
    return "regression" if dataset_name in REGRESSION_DATASETS else "classification"


def loss_of(spec: RunSpec) -> LossName:
    """The loss a run really uses: `auto` follows from the data."""
    if spec.loss != "auto":
        return spec.loss
    return "mse" if problem_of(spec.dataset.name) == "regression" else "binary_crossentropy"


def layer_widths(spec: RunSpec) -> tuple[int, ...]:
    """Inputs, units of each hidden layer, outputs."""
    return (len(spec.features), *(layer.units for layer in spec.layers), 1)


def weights_count(spec: RunSpec) -> int:
    """Number of kernel entries and biases of the whole network."""
    widths = layer_widths(spec)
    return sum((before + 1) * after for before, after in zip(widths, widths[1:], strict=False))


def train_samples(spec: RunSpec) -> int:
    """How many samples the network learns from; at least one is left on either side."""
    wanted = round(spec.dataset.samples * spec.dataset.train_fraction)
    return min(max(wanted, 1), spec.dataset.samples - 1)
