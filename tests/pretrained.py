"""A stand-in for MobileNetV2's weights, which cannot be fetched in tests: random ones in a file as Keras' own are."""

from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

from server.datasets.bases import FOLDER
from server.domain.mobilenet import alpha_of, base_file_name
from server.domain.spec import BaseSpec


def write_base(images_dir: Path, base: BaseSpec | None = None) -> Path:
    """Write the file of a base below the folder of pictures; its answers are lively, so that mistakes show."""
    base = base or BaseSpec()
    shape = (base.size, base.size, 3)
    model = keras.applications.MobileNetV2(shape, alpha=alpha_of(base), include_top=False, weights=None)
    generator = np.random.default_rng(1)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(_lively([weight.shape for weight in layer.weights], layer.name, generator))
    path = images_dir / FOLDER / base_file_name(base)
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        # The layout of the files that Keras gives away, which is not the one it writes today.
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    return path


def _lively(shapes: list[tuple[int, ...]], name: str, generator: np.random.Generator) -> list[np.ndarray]:
    """Numbers that keep the size of what passes through."""
    if len(shapes) == 1:
        fan = int(np.prod(shapes[0][:2])) * (1 if "depthwise" in name else shapes[0][2])
        return [generator.normal(0, np.sqrt(2 / fan), shapes[0])]
    (channels,) = shapes[0]
    gamma, variance = generator.uniform(0.7, 1.3, channels), generator.uniform(0.5, 1.5, channels)
    return [gamma, generator.normal(0, 0.2, channels), generator.normal(0, 0.05, channels), variance]
