"""What is asked of the pictures of a data set: some of those that a run trains on or is tested with."""

from typing import Literal

from pydantic import Field

from server.domain import limits
from server.domain.layers import Frozen
from server.domain.spec import Augmentation, AugmentationSpec, DatasetSpec, Seed


class PicturesRequest(Frozen):
    """Rows of a share in its own order; with an augmentation as an epoch might see them."""

    dataset: DatasetSpec
    augmentation: Augmentation = Field(default_factory=AugmentationSpec, title="Augmentation")
    share: Literal["train", "val"] = Field("train", title="Share")
    start: int = Field(0, ge=0, le=limits.MAX_PICTURES, title="First picture")
    count: int = Field(100, ge=1, le=limits.MAX_PICTURES_SENT, title="Pictures")
    epoch: int = Field(1, ge=0, le=limits.MAX_EPOCHS, title="Epoch", description="Another one draws other changes.")
    seed: Seed = Field(0, title="Seed", description="Decides the changes, with the epoch.")
