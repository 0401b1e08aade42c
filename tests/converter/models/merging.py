"""Models about layers that make one tensor of several."""

from typing import Any

from keras import Input, Model, layers

from tests.converter.models.case import ROW, SEQUENCE, about, as_graphs, as_layers, layer, one

_SUMS = ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")
_PICTURE = (4, 5, 3)


def _function_forms() -> Any:
    x, y = Input(ROW, name="x"), Input(ROW, name="y")
    made = (layers.add([x, y]), layers.subtract([x, y]), layers.multiply([x, y]), layers.average([x, y]))
    return Model([x, y], [*made, layers.concatenate([x, y]), layers.dot([x, y], axes=1), layers.maximum([x, y])])


def _spread(class_name: str) -> Any:
    """Tensors of other sizes and ranks, spread over each other."""

    def build() -> Any:
        x, y = Input((4, 3), name="x"), Input((1, 3), name="y")
        return Model([x, y], getattr(layers, class_name)()([x, y]))

    return about(class_name, "one tensor spread over the other", build)


def _residual_of_same() -> Any:
    x = Input(ROW)
    return Model(x, layers.Add()([x, x]))


MERGING = {
    **as_layers(
        *(one(layer(name), ROW, ROW) for name in _SUMS),
        *(one(layer(name), ROW, ROW, ROW, note="three tensors") for name in _SUMS if name != "Subtract"),
        *(one(layer(name), _PICTURE, _PICTURE, note="of pictures") for name in ("Add", "Multiply")),
        *(_spread(name) for name in ("Add", "Multiply", "Maximum")),
        about("Add", "a tensor and itself", _residual_of_same),
        one(layer("Concatenate"), ROW, (3,)),
        one(layer("Concatenate", axis=1), SEQUENCE, (2, 4)),
        one(layer("Concatenate", axis=-2), SEQUENCE, (2, 4)),
        one(layer("Concatenate", axis=-3), _PICTURE, _PICTURE, note="of pictures"),
        one(layer("Concatenate", axis=-1), _PICTURE, (4, 5, 1), note="of pictures"),
        one(layer("Dot", 1), ROW, ROW),
        one(layer("Dot", 1, normalize=True), ROW, ROW),
        one(layer("Dot", (2, 2)), SEQUENCE, (5, 4), note="axes=(2, 2)"),
        one(layer("Dot", (1, 2)), SEQUENCE, (5, 6), note="axes=(1, 2)"),
        one(layer("Dot", -1, normalize=True), SEQUENCE, (5, 4), note="axes=-1"),
        {"merging functions in small letters": about("Add", "", _function_forms)},
    ),
    **as_graphs(one(layer("Dot", (2, 2)), _PICTURE, (4, 5, 2), note="of pictures")),
}
