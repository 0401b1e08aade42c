"""The kinds of hidden layers a specification can name, each with the words and the defaults of Keras."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.config import JsonDict

from server.domain import limits

Activation = Literal["relu", "tanh", "sigmoid", "linear"]
Padding = Literal["valid", "same"]


class Frozen(BaseModel):
    """Immutable, and strict about names: a misspelt field is a problem, not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


_NAMED = ConfigDict(json_schema_extra={"required": ["kind"]})
"""For every kind but dense, which is what a layer without a kind is: so a layer fits one kind in the schema too."""


def slider(minimum: float, maximum: float, step: float) -> JsonDict:
    """What a slider should offer where that is less than what the server accepts."""
    return {"slider": {"minimum": minimum, "maximum": maximum, "step": step}}


class DenseSpec(Frozen):
    """A fully connected layer. `plane_maximum` is what the server accepts where the data are points."""

    kind: Literal["dense"] = Field("dense", title="Kind of layer")
    units: int = Field(
        4,
        ge=1,
        le=limits.MAX_PICTURE_UNITS,
        title="Units",
        json_schema_extra={**slider(1, 16, 1), "plane_maximum": limits.MAX_UNITS},
    )
    activation: Activation = Field("tanh", title="Activation")


class DropoutSpec(Frozen):
    """While training, silences a share of the inputs at random and scales up the others."""

    model_config = _NAMED

    kind: Literal["dropout"] = Field("dropout", title="Kind of layer")
    rate: float = Field(0.2, ge=0, le=0.9, title="Dropout rate", json_schema_extra=slider(0, 0.9, 0.1))


class BatchNormalizationSpec(Frozen):
    """Shifts and scales each channel by the mean and variance of its batch; by their moving averages when tested."""

    model_config = _NAMED

    kind: Literal["batch_normalization"] = Field("batch_normalization", title="Kind of layer")
    momentum: float = Field(0.99, ge=0, lt=1, title="Momentum of the moving averages")


class FlattenSpec(Frozen):
    """Lays the numbers of a picture out in one row."""

    model_config = _NAMED

    kind: Literal["flatten"] = Field("flatten", title="Kind of layer")


class Conv2DSpec(Frozen):
    """A convolution: each filter looks at every square patch of the picture with the same weights."""

    model_config = _NAMED

    kind: Literal["conv2d"] = Field("conv2d", title="Kind of layer")
    filters: int = Field(8, ge=1, le=limits.MAX_FILTERS, title="Filters", json_schema_extra=slider(1, 32, 1))
    kernel_size: int = Field(3, ge=1, le=limits.MAX_KERNEL_SIZE, title="Kernel size")
    strides: int = Field(1, ge=1, le=limits.MAX_STRIDES, title="Strides")
    padding: Padding = Field("valid", title="Padding")
    activation: Activation = Field("relu", title="Activation")


class _PoolingSpec(Frozen):
    pool_size: int = Field(2, ge=2, le=limits.MAX_POOL_SIZE, title="Pool size")
    padding: Padding = Field("valid", title="Padding")


class MaxPooling2DSpec(_PoolingSpec):
    """Keeps the largest number of each square patch; patches do not overlap."""

    model_config = _NAMED

    kind: Literal["max_pooling2d"] = Field("max_pooling2d", title="Kind of layer")


class AveragePooling2DSpec(_PoolingSpec):
    """Keeps the mean of each square patch; patches do not overlap."""

    model_config = _NAMED

    kind: Literal["average_pooling2d"] = Field("average_pooling2d", title="Kind of layer")


class GlobalAveragePooling2DSpec(Frozen):
    """Keeps the mean of each channel over the whole picture."""

    model_config = _NAMED

    kind: Literal["global_average_pooling2d"] = Field("global_average_pooling2d", title="Kind of layer")


def _kind_of(raw_layer: Any) -> str:
    """The kind a layer names; a layer that names none is dense."""
    kind = raw_layer.get("kind", "dense") if isinstance(raw_layer, dict) else getattr(raw_layer, "kind", "dense")
    return kind if isinstance(kind, str) else ""


LayerSpec: TypeAlias = Annotated[
    Annotated[DenseSpec, Tag("dense")]
    | Annotated[DropoutSpec, Tag("dropout")]
    | Annotated[BatchNormalizationSpec, Tag("batch_normalization")]
    | Annotated[FlattenSpec, Tag("flatten")]
    | Annotated[Conv2DSpec, Tag("conv2d")]
    | Annotated[MaxPooling2DSpec, Tag("max_pooling2d")]
    | Annotated[AveragePooling2DSpec, Tag("average_pooling2d")]
    | Annotated[GlobalAveragePooling2DSpec, Tag("global_average_pooling2d")],
    Discriminator(_kind_of),
]

LAYER_KINDS: tuple[str, ...] = (
    "dense",
    "dropout",
    "batch_normalization",
    "flatten",
    "conv2d",
    "max_pooling2d",
    "average_pooling2d",
    "global_average_pooling2d",
)
