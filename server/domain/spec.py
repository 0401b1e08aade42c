"""The specification of a run: frozen models whose JSON schema the sliders and the API are made from."""

from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import BeforeValidator, Field

from server.domain import limits
from server.domain.layers import DenseSpec, Frozen, LayerSpec, slider

DatasetName = Literal[
    "circle",
    "xor",
    "gauss",
    "spiral",
    "moons",
    "blobs",
    "formula",
    "points",
    "plane",
    "gauss_hills",
    "surface",
    "curve",
    "digits",
    "mnist",
    "fashion_mnist",
    "cifar10",
    "own_images",
]
FeatureName = Literal["x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1", "sin_x2"]
OptimizerName = Literal["sgd", "adagrad", "rmsprop", "adam"]
LossName = Literal["auto", "binary_crossentropy", "categorical_crossentropy", "mse", "mae", "huber"]
ScheduleName = Literal["constant", "step", "cosine"]
StoppingMetric = Literal["loss", "val_loss", "accuracy", "val_accuracy"]
InitializerName = Literal["glorot_uniform", "he_uniform"]
ProblemKind = Literal["classification", "regression"]
DatasetKind = Literal["plane", "curve", "image"]
SplitName = Literal["share", "given"]
BaseName = Literal["mobilenet_v2"]

FEATURE_NAMES: tuple[FeatureName, ...] = get_args(FeatureName)
LINE_FEATURES: tuple[FeatureName, ...] = ("x1", "x1_squared", "sin_x1")
"""The features that need x1 only, which is all that a curve has."""

REGRESSION_DATASETS: frozenset[DatasetName] = frozenset({"plane", "gauss_hills", "surface", "curve"})
LAWS: dict[DatasetName, str] = {
    "formula": "x2 - 2 sin(x1)",
    "surface": "sin(x1 / 2) * cos(x2 / 2)",
    "curve": "x^3 + x^2 - x - 1",
}
"""The data sets that are made from a formula, each with the one it has when none is given."""

IMAGE_SHAPES: dict[DatasetName, tuple[int, int, int]] = {
    "digits": (8, 8, 1),
    "mnist": (28, 28, 1),
    "fashion_mnist": (28, 28, 1),
    "cifar10": (32, 32, 3),
}
"""Height, width and channels of the pictures of a data set; those of own images are told by the spec."""

COLLECTED: frozenset[DatasetName] = frozenset({"mnist", "fashion_mnist", "cifar10", "own_images"})
"""The data sets whose pictures lie in the data folder (see datasets/collections.py)."""

_IMAGE_CLASSES = 10
_SAMPLES: dict[DatasetName, int] = {
    "digits": 1_797,
    "mnist": 70_000,
    "fashion_mnist": 70_000,
    "cifar10": 60_000,
    "own_images": limits.MAX_PICTURES,
}
"""How many samples a data set has that is not drawn anew."""

Seed = Annotated[int, Field(ge=0, le=limits.MAX_SEED)]
Coordinate = Annotated[float, Field(ge=-limits.MAX_COORDINATE, le=limits.MAX_COORDINATE)]
PointLabel = Annotated[float, Field(ge=-limits.MAX_POINT_LABEL, le=limits.MAX_POINT_LABEL)]
OwnPoint: TypeAlias = tuple[Coordinate, Coordinate, PointLabel]
"""x1, x2, and the index of a class or a number."""


class OwnImagesSpec(Frozen):
    """Pictures that somebody has brought: which, and what they were made into. The server knows all but the first."""

    collection: str = Field(max_length=64, title="Collection")
    side: int = Field(64, ge=limits.MIN_IMAGE_SIDE, le=limits.MAX_IMAGE_SIDE, title="Side in pixels")
    channels: Literal[1, 3] = Field(3, title="Channels", description="1: shades of grey; 3: colours.")
    classes: int = Field(2, ge=limits.MIN_CLASSES, le=limits.MAX_IMAGE_CLASSES, title="Classes of own images")


class DatasetSpec(Frozen):
    """Which samples the run learns from."""

    name: DatasetName = Field("circle", title="Data set")
    samples: int = Field(500, ge=limits.MIN_SAMPLES, le=limits.MAX_PICTURES, title="Samples")
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
        description="How many blobs there are, or classes of own points; other data sets have a number of their own.",
    )
    formula: str | None = Field(
        None,
        max_length=limits.MAX_FORMULA_LENGTH,
        title="Formula",
        description="The law of curve (of x), formula (class 1 where it is above 0) and surface (of x1 and x2).",
    )
    x_min: float = Field(
        -2.0,
        ge=-limits.MAX_CURVE_X,
        le=limits.MAX_CURVE_X,
        title="x from",
        description="curve: where the line begins.",
        json_schema_extra=slider(-10, 10, 0.5),
    )
    x_max: float = Field(
        2.0,
        ge=-limits.MAX_CURVE_X,
        le=limits.MAX_CURVE_X,
        title="x to",
        description="curve: where the line ends.",
        json_schema_extra=slider(-10, 10, 0.5),
    )
    points: tuple[OwnPoint, ...] = Field(
        (),
        max_length=limits.MAX_POINTS,
        title="Own points",
        description="[x1, x2, label] each: all samples of points, and more training samples of the other plane sets.",
    )
    images: OwnImagesSpec | None = Field(None, title="Own images", description="own_images: which ones.")
    split: SplitName = Field(
        "share",
        title="Split",
        description="share: all samples are shared out; given: pictures are drawn from the set's own two parts.",
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


class AugmentationSpec(Frozen):
    """How the training pictures are changed at random, anew in each epoch; all 0: not at all."""

    shift: float = Field(
        0.0, ge=0, le=limits.MAX_SHIFT, title="Shift", description="Up to this share of a side, each way."
    )
    rotate: float = Field(0.0, ge=0, le=limits.MAX_ROTATION, title="Rotate", description="Up to so many degrees.")
    zoom: float = Field(0.0, ge=0, le=limits.MAX_ZOOM, title="Zoom", description="Up to this share, in and out.")
    flip: bool = Field(False, title="Flip", description="Left and right change places in half of the pictures.")
    noise: float = Field(
        0.0, ge=0, le=limits.MAX_PICTURE_NOISE, title="Noise of pictures", description="Deviation added to each pixel."
    )

    @property
    def is_none(self) -> bool:
        """Whether pictures stay as they are."""
        return self == AugmentationSpec()


Augmentation = Annotated[AugmentationSpec, BeforeValidator(lambda raw: {} if raw is None else raw)]
"""null is no augmentation, too."""


class BaseSpec(Frozen):
    """A network that has seen millions of pictures, and what is learned on top of its answers."""

    name: BaseName = Field("mobilenet_v2", title="Base")
    width: Literal[35, 50, 100] = Field(35, title="Width of the base in percent", description="Keras' alpha.")
    size: Literal[96, 128, 160] = Field(96, title="Side of the base's pictures in pixels")
    unfrozen: int = Field(0, ge=0, le=limits.MAX_UNFROZEN, title="Unfrozen layers")


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
        default_factory=_default_layers,
        max_length=limits.MAX_PICTURE_LAYERS,
        title="Hidden layers",
        json_schema_extra=slider(0, limits.MAX_LAYERS, 1),
    )
    augmentation: Augmentation = Field(default_factory=AugmentationSpec, title="Augmentation")
    base: BaseSpec | None = Field(None, title="Base network", description="null: the network learns from nothing.")
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


def kind_of(dataset_name: DatasetName) -> DatasetKind:
    """What a sample is: a point of the plane, a place on a line, or a picture."""
    if dataset_name == "curve":
        return "curve"
    return "image" if dataset_name in IMAGE_SHAPES or dataset_name == "own_images" else "plane"


def takes_points(dataset_name: DatasetName) -> bool:
    """Whether own points can be laid among the samples."""
    return kind_of(dataset_name) == "plane"


def formula_of(dataset: DatasetSpec) -> str | None:
    """The law of a data set that is made from one."""
    default = LAWS.get(dataset.name)
    return default if dataset.formula is None else dataset.formula


def domain_of(dataset: DatasetSpec) -> tuple[float, float]:
    """From where to where x goes, and on the plane both coordinates."""
    if dataset.name == "curve":
        return dataset.x_min, dataset.x_max
    return -limits.MAX_COORDINATE, limits.MAX_COORDINATE


def classes_of(dataset: DatasetSpec) -> int | None:
    """How many classes the labels name; None for regression."""
    if problem_of(dataset.name) == "regression":
        return None
    if dataset.name == "own_images":
        return dataset.images.classes if dataset.images else 2
    if dataset.name in IMAGE_SHAPES:
        return _IMAGE_CLASSES
    return {"blobs": dataset.classes, "points": dataset.classes}.get(dataset.name, 2)


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


def features_of(spec: RunSpec) -> tuple[FeatureName, ...]:
    """The chosen features that the data have."""
    if spec.dataset.name != "curve":
        return spec.features
    return tuple(name for name in spec.features if name in LINE_FEATURES)


def initializer_of(spec: RunSpec, index: int) -> InitializerName:
    """What the first kernel of a layer is drawn from; the output layer has the index after the last.

    Keras' own choice, but for ReLU units over a line: each bends it at one place, and with Glorot's small weights most
    runs of a few units end with too few bends where the curve needs them.
    """
    layer = spec.layers[index] if index < len(spec.layers) else None
    is_bend = spec.dataset.name == "curve" and isinstance(layer, DenseSpec) and layer.activation == "relu"
    return "he_uniform" if is_bend else "glorot_uniform"


def image_shape(dataset: DatasetSpec) -> tuple[int, int, int] | None:
    """Height, width and channels of one picture; None where samples are no pictures."""
    own = dataset.images
    if dataset.name == "own_images" and own is not None:
        return own.side, own.side, own.channels
    return IMAGE_SHAPES.get(dataset.name)


def input_shape(spec: RunSpec) -> tuple[int, ...]:
    """Shape of one sample: (features,), or (height, width, channels) of a picture."""
    return image_shape(spec.dataset) or (len(features_of(spec)),)


def shared_samples(dataset: DatasetSpec) -> int:
    """How many samples are shared out for training and testing."""
    return len(dataset.points) if dataset.name == "points" else dataset.samples


def all_samples(spec: RunSpec) -> int:
    """How many samples there are: those that are shared out, and own points beside them."""
    return shared_samples(spec.dataset) + _points_beside(spec.dataset)


def train_samples(spec: RunSpec) -> int:
    """How many samples the network learns from: a share that leaves two on either side, and own points beside them."""
    shared = shared_samples(spec.dataset)
    fewest = min(2, shared // 2)
    wanted = round(shared * spec.dataset.train_fraction)
    return min(max(wanted, fewest), shared - fewest) + _points_beside(spec.dataset)


def _points_beside(dataset: DatasetSpec) -> int:
    return 0 if dataset.name == "points" else len(dataset.points)
