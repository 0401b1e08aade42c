"""Models about whole numbers and truth values, which TensorFlow.js keeps, cuts off or refuses where Keras does not."""

from typing import Any

import keras
from keras import Input, Model, layers, ops

from tests.converter.models.case import Case, as_graphs, as_layers

SHAPE = (6, 4)
PICTURE = (8, 8, 3)


def _of(*inner: Any, shape: tuple[int, ...] = SHAPE, dtype: str = "int32") -> Case:
    """Layers, one after the other, on whole numbers."""

    def build() -> Any:
        made = [getattr(layers, name)(*arguments) for name, *arguments in inner]
        return keras.Sequential([Input(shape, dtype=dtype), *made])

    return Case(build)


def _joined(merge: Any, first: str = "int32", second: str = "int32") -> Case:
    def build() -> Any:
        x, y = Input(SHAPE, dtype=first, name="x"), Input(SHAPE, dtype=second, name="y")
        return Model([x, y], merge(x, y))

    return Case(build)


def _shared_between_kinds() -> Any:
    x, y = Input((4,), dtype="int32", name="x"), Input((4,), name="y")
    dense = layers.Dense(3, activation="tanh")
    return Model([x, y], [dense(x), dense(y)])


def _ids_and_numbers() -> Any:
    """The same ids looked up in a table and used as numbers."""
    ids = Input((4,), dtype="int32", name="ids")
    vectors = layers.Flatten()(layers.Embedding(9, 3)(ids))
    return Model(ids, layers.Dense(2)(layers.Concatenate()([vectors, ids])))


WHOLE_NUMBERS = {
    **as_layers(
        {
            "whole numbers into Dense": _of(("Dense", 3)),
            "whole numbers into Rescaling, Conv2D": _of(
                ("Rescaling", 1 / 255), ("Conv2D", 2, 3), ("Flatten",), ("Dense", 2), shape=PICTURE, dtype="uint8"
            ),
            "whole numbers into Normalization": _of(("Rescaling", 0.1, -1.0), ("BatchNormalization",)),
            "whole numbers into Flatten, Dense": _of(("Flatten",), ("Dense", 3)),
            "whole numbers, shared Dense": Case(_shared_between_kinds),
            "whole numbers into tanh": _of(("Activation", "tanh")),
            "whole numbers into BatchNormalization": _of(("BatchNormalization",)),
            "whole numbers into LSTM": _of(("LSTM", 3)),
            "whole numbers into LeakyReLU": _of(("LeakyReLU",)),
            "whole numbers into ReLU, Flatten": _of(("ReLU",), ("Flatten",)),
            "whole numbers into MaxPooling2D": _of(("MaxPooling2D", 2), shape=PICTURE),
            "whole numbers handed on": _of(("Reshape", (4, 6)), ("Permute", (2, 1))),
            "whole numbers plus whole numbers": _joined(lambda x, y: layers.Add()([x, y])),
            "whole numbers times numbers": _joined(lambda x, y: layers.Multiply()([x, y]), second="float32"),
            "whole numbers beside numbers": _joined(lambda x, y: layers.Concatenate()([x, y]), second="float32"),
            "numbers beside whole numbers": _joined(lambda x, y: layers.Concatenate()([x, y]), first="float32"),
            "mean of whole numbers": _joined(lambda x, y: layers.Average()([x, y])),
            "truth values into Dense": _of(("Dense", 3), dtype="bool"),
            "ids looked up and used as numbers": Case(_ids_and_numbers),
        }
    ),
    **as_graphs(
        {
            "whole numbers into LayerNormalization": _of(("LayerNormalization",)),
            "truth values and numbers": _joined(lambda x, y: ops.where(x, y, -y), first="bool", second="float32"),
            "half of whole numbers": Case(lambda: (lambda x: Model(x, x / 2))(Input((4,), dtype="int32"))),
            "whole numbers times a half": Case(lambda: (lambda x: Model(x, x * 0.5))(Input((4,), dtype="int32"))),
        }
    ),
}
