"""Models about layers that act while training only; a trained model does without them."""

from typing import Any

import keras
from keras import Input, layers

from tests.converter.models.case import PICTURE, ROW, SEQUENCE, VOLUME, Case, about, as_graphs, as_layers, layer, one

_COLOR = (8, 8, 3)


def _while_training_only() -> Any:
    """Noise everywhere a student puts it."""
    inner = [
        layers.GaussianNoise(0.3),
        layers.Dropout(0.5, noise_shape=(None, 1), seed=3),
        layers.Dense(4, activation="relu"),
        layers.ActivityRegularization(0.1),
        layers.AlphaDropout(0.2),
        layers.Dense(2),
    ]
    return keras.Sequential([Input(ROW), *inner])


def _augmented(*names_and_arguments: tuple[str, Any]) -> Any:
    def build() -> Any:
        inner = [getattr(layers, name)(*arguments) for name, arguments in names_and_arguments]
        return keras.Sequential([Input(_COLOR), *inner, layers.Conv2D(3, 3), layers.GlobalAveragePooling2D()])

    return build


def _mixing(class_name: str) -> Case:
    """A layer that mixes pictures of a batch, and leaves them alone once training is over."""
    return one(layer(class_name), _COLOR)


NOISE = as_layers(
    one(layer("Dropout", 0.5), ROW),
    one(layer("GaussianDropout", 0.5), ROW),
    one(layer("GaussianNoise", 0.5), ROW),
    one(layer("AlphaDropout", 0.5), ROW),
    one(layer("SpatialDropout1D", 0.5), SEQUENCE),
    one(layer("SpatialDropout2D", 0.5), PICTURE),
    one(layer("SpatialDropout3D", 0.5), VOLUME),
    one(layer("ActivityRegularization", 0.5), ROW),
    {"noise, dropout and penalties between layers": Case(_while_training_only)},
)

AUGMENTATION = {
    **as_layers(
        one(layer("RandomBrightness", 0.2), _COLOR),
        one(layer("RandomColorDegeneration", 0.2), _COLOR),
        one(layer("RandomColorJitter", brightness_factor=0.2), _COLOR),
        one(layer("RandomContrast", 0.2), _COLOR),
        one(layer("RandomElasticTransform", 0.2), _COLOR),
        one(layer("RandomErasing", 0.2), _COLOR),
        one(layer("RandomFlip"), _COLOR),
        one(layer("RandomGaussianBlur", 0.2), _COLOR),
        one(layer("RandomGrayscale", 0.2), _COLOR),
        one(layer("RandomHue", 0.2), _COLOR),
        one(layer("RandomInvert", 0.2), _COLOR),
        one(layer("RandomPerspective", 0.2), _COLOR),
        one(layer("RandomPosterization", 4), _COLOR),
        one(layer("RandomRotation", 0.2), _COLOR),
        one(layer("RandomSaturation", 0.2), _COLOR),
        one(layer("RandomSharpness", 0.2), _COLOR),
        one(layer("RandomShear", 0.2, 0.2), _COLOR),
        one(layer("RandomTranslation", 0.2, 0.2), _COLOR),
        one(layer("RandomZoom", 0.2), _COLOR),
        one(layer("RandomCrop", 8, 8), _COLOR, note="to the size of the input"),
        one(layer("RandAugment"), _COLOR),
        one(layer("Solarization"), _COLOR),
        one(layer("AugMix"), _COLOR),
        _mixing("CutMix"),
        _mixing("MixUp"),
        about("RandomFlip", "before a small network", _augmented(("RandomFlip", ()), ("RandomRotation", (0.1,)))),
        one(layer("Pipeline", [layer("Rescaling", 0.5), layer("RandomFlip")]), _COLOR, note="with a layer that stays"),
        one(layer("Pipeline", [layer("RandomFlip"), layer("RandomRotation", 0.1)]), _COLOR),
    ),
    **as_graphs(
        one(layer("RandomCrop", 5, 6), _COLOR, note="to a smaller size"),
        one(layer("AutoContrast"), _COLOR),
        one(layer("ContrastLimitedAdaptiveHistogramEqualization", tile_grid_size=(2, 2)), _COLOR, graphics="no"),
    ),
}

REGULARIZATION = {**NOISE, **AUGMENTATION}
