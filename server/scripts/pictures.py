"""The parts of a script that are others for pictures: where they come from, how they go in, how they are trained on."""

from server.domain.mobilenet import alpha_of
from server.domain.spec import (
    BaseSpec,
    EarlyStoppingSpec,
    RunSpec,
    ScheduleSpec,
    all_samples,
    image_shape,
    train_samples,
)

_DIGITS = """from sklearn.datasets import load_digits

digits = load_digits()
pictures, classes = digits.images[..., None] / 16, digits.target
chosen = generator(0).permutation(len(pictures))[:{samples}]
pictures, classes = pictures[chosen], classes[chosen]
{noise}pictures = np.rint(255 * pictures).astype("uint8")
order = generator(2).permutation({samples})
train, test = order[:{train}], order[{train}:]"""

_KNOWN = """(train_pictures, train_classes), (test_pictures, test_classes) = keras.datasets.{name}.load_data()
pictures = np.concatenate([train_pictures, test_pictures]).reshape(-1, {height}, {width}, {channels})
classes = np.concatenate([train_classes, test_classes]).ravel()
{chosen}{noise}"""

_SHARED = """order = generator(0).permutation(len(pictures))[:{samples}]
train, test = order[:{train}], order[{train}:]"""

_GIVEN = """stream = generator(0)
train = stream.permutation(len(train_pictures))[:{train}]
test = len(train_pictures) + stream.permutation(len(test_pictures))[:{test}]"""

_CHOSEN = """x_train, y_train = pictures[train], labels_of(classes[train])
x_test, y_test = pictures[test], labels_of(classes[test])"""

_NOISE = """

def noisy(numbers):
    \"\"\"Some pictures in which a share of the pixels is any shade.\"\"\"
    chosen = pictures[numbers]
    for picture, number in zip(chosen, numbers):
        stream = np.random.default_rng([DATA_SEED, 1, number])
        is_replaced = stream.random(picture.shape, np.float32) < {share!r}
        picture[is_replaced] = stream.integers(0, 256, is_replaced.sum(), np.uint8)
    return chosen

"""

_NOISY_CHOSEN = """x_train, y_train = noisy(train), labels_of(classes[train])
x_test, y_test = noisy(test), labels_of(classes[test])"""

_OWN_SHARED = """FOLDER = "images"  # holds a folder for each class, as the zip file did that was sent
# Other than the run, this takes all pictures, without noise, and draws anew which of them are for testing.

shares = keras.utils.image_dataset_from_directory(
    FOLDER, validation_split={test_share!r}, subset="both", seed=DATA_SEED,
    image_size=({side}, {side}), crop_to_aspect_ratio=True, color_mode="{colours}", batch_size=None,
)
"""

_OWN_GIVEN = """FOLDER = "images"  # holds train and test, each with a folder for each class, as the zip file did
# Other than the run, this takes all pictures, without noise.

shares = [
    keras.utils.image_dataset_from_directory(
        f"{{FOLDER}}/{{part}}", shuffle=False,
        image_size=({side}, {side}), crop_to_aspect_ratio=True, color_mode="{colours}", batch_size=None,
    )
    for part in ("train", "test")
]
"""

_OWN_CHOSEN = """(x_train, y_train), (x_test, y_test) = (
    tuple(np.array(column) for column in zip(*share.as_numpy_iterator())) for share in shares
)
x_train, y_train = x_train.astype("uint8"), labels_of(y_train)
x_test, y_test = x_test.astype("uint8"), labels_of(y_test)"""

_BASE = """base = keras.applications.MobileNetV2(({size}, {size}, 3), alpha={alpha}, include_top=False, pooling="avg")
for layer in base.layers:
    layer.trainable = False
"""

_THAW = """for layer in base.layers[-{unfrozen}:]:
    layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
"""

_TRAINING = """print(f"Training {{EPOCHS}} epochs.")
callbacks = [{callbacks}]
history = model.fit(
    x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, validation_data=(x_test, y_test), callbacks=callbacks
).history
epoch = len(history["loss"])"""


def picture_data(spec: RunSpec) -> str:
    """Source that defines x_train, y_train, x_test, y_test of pictures, uint8; needs `generator` and `labels_of`."""
    dataset = spec.dataset
    height, width, channels = image_shape(dataset) or (0, 0, 0)
    train = train_samples(spec)
    numbers = {"samples": dataset.samples, "train": train, "test": all_samples(spec) - train}
    if dataset.name == "own_images":
        colours = "grayscale" if channels == 1 else "rgb"
        own = _OWN_GIVEN if dataset.split == "given" else _OWN_SHARED
        test_share = round(1 - dataset.train_fraction, 6)
        return own.format(side=height, colours=colours, test_share=test_share) + _OWN_CHOSEN
    if dataset.name == "digits":
        return f"{_DIGITS.format(noise=_noise_of_digits(spec), **numbers)}\n{_CHOSEN}"
    chosen = (_GIVEN if dataset.split == "given" else _SHARED).format(**numbers)
    noise = _NOISE.format(share=dataset.noise / 100) if dataset.noise else ""
    loaded = _KNOWN.format(name=dataset.name, height=height, width=width, channels=channels, chosen=chosen, noise=noise)
    return f"{loaded}\n{_NOISY_CHOSEN if dataset.noise else _CHOSEN}"


def first_layers(spec: RunSpec) -> list[str]:
    """What stands before the network's own layers: numbers from 0 to 1, and Keras' layers of augmentation.

    Keras augments as the page does, but draws other numbers.
    """
    wish, shape = spec.augmentation, image_shape(spec.dataset)
    layers = [f'keras.Input({shape}, dtype="uint8")', "keras.layers.Rescaling(1 / 255)"]
    if spec.base:
        return [*layers, *_layers_of_base(spec.base, is_grey=shape is not None and shape[2] == 1)]
    if wish.flip:
        layers.append('keras.layers.RandomFlip("horizontal", seed=SEED)')
    filled = 'fill_mode="nearest", seed=SEED'
    if wish.rotate:
        layers.append(f"keras.layers.RandomRotation({wish.rotate:g} / 360, {filled})")
    if wish.zoom:
        layers.append(f"keras.layers.RandomZoom({wish.zoom:g}, {filled})")
    if wish.shift:
        layers.append(f"keras.layers.RandomTranslation({wish.shift:g}, {wish.shift:g}, {filled})")
    if wish.noise:
        layers.append(f"keras.layers.GaussianNoise({wish.noise:g}, seed=SEED)")
    return layers


def base_of(spec: RunSpec) -> str:
    """Source that defines `base`, the pretrained network a spec starts from; nothing for the others."""
    if spec.base is None:
        return ""
    size, unfrozen = spec.base.size, spec.base.unfrozen
    thaw = _THAW.format(unfrozen=unfrozen) if unfrozen else ""
    return _BASE.format(size=size, alpha=alpha_of(spec.base)) + thaw + "\n"


def _layers_of_base(base: BaseSpec, *, is_grey: bool) -> list[str]:
    """Pictures as the base wants them, and the base."""
    in_colour = ['keras.layers.Conv2D(3, 1, use_bias=False, kernel_initializer="ones", trainable=False)']
    resized = f"keras.layers.Resizing({base.size}, {base.size})"
    return [resized, *(in_colour if is_grey else []), "keras.layers.Rescaling(2, -1)", "base"]


def picture_training(spec: RunSpec) -> str:
    """Source that trains `model` with `fit`; the curve is in `history`."""
    schedule = _schedule(spec.optimizer.schedule, spec.optimizer.learning_rate)
    callbacks = [*schedule, *_stopping(spec.early_stopping)]
    listed = "".join(f"\n    {callback}," for callback in callbacks)
    return _TRAINING.format(callbacks=f"{listed}\n" if listed else "")


def needs_of(spec: RunSpec) -> str:
    """Packages beside numpy and tensorflow."""
    return " scikit-learn" if spec.dataset.name == "digits" else ""


def _noise_of_digits(spec: RunSpec) -> str:
    share = spec.dataset.noise / 100
    if not share:
        return ""
    return (
        "stream = generator(1)\n"
        f"is_replaced = stream.uniform(size=pictures.shape) < {share!r}\n"
        "pictures = np.where(is_replaced, stream.uniform(size=pictures.shape), pictures)\n"
    )


def _schedule(schedule: ScheduleSpec, rate: float) -> list[str]:
    """Keras counts the epochs of a schedule from 0."""
    if schedule.name == "constant":
        return []
    if schedule.name == "step":
        share = f"{schedule.factor!r} ** (epoch // {schedule.every_epochs})"
    else:
        rest, way = schedule.final_fraction, f"min(epoch / {schedule.epochs}, 1)"
        share = f"({rest!r} + (1 - {rest!r}) * 0.5 * (1 + math.cos(math.pi * {way})))"
    return [f"keras.callbacks.LearningRateScheduler(lambda epoch, before: {rate!r} * {share})"]


def _stopping(stopping: EarlyStoppingSpec | None) -> list[str]:
    if stopping is None:
        return []
    mode = "max" if stopping.metric.endswith("accuracy") else "min"
    return [
        f'keras.callbacks.EarlyStopping("{stopping.metric}", min_delta={stopping.min_delta!r}, '
        f'patience={stopping.patience}, mode="{mode}", restore_best_weights={stopping.restore_best})'
    ]
