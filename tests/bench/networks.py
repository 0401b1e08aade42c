"""The networks that are compared, from the page's first one to pictures beyond what a specification may name."""

import json
from dataclasses import dataclass
from pathlib import Path

from server.domain.layers import Conv2DSpec, DenseSpec, DropoutSpec, FlattenSpec, LayerSpec, MaxPooling2DSpec
from server.domain.spec import (
    DatasetSpec,
    OptimizerName,
    OptimizerSpec,
    RunSpec,
    all_samples,
    input_shape,
    outputs_of,
    train_samples,
)
from server.domain.validation import parse_run_spec

_EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Laps:
    """Epochs that each side trains between two looks at the clock: a tenth of a second or more of its work."""

    engine: int
    fit: int
    bare_loop: int = 0
    javascript: int = 0


@dataclass(frozen=True)
class Network:
    """A spec, and the shapes of its samples, which for the larger pictures no specification can name."""

    name: str
    spec: RunSpec
    sample_shape: tuple[int, ...]
    outputs: int
    train_count: int
    val_count: int
    laps: Laps


def _plane_network(name: str, units: tuple[int, ...], optimizer: OptimizerSpec, laps: Laps) -> Network:
    """250 points of the circle to learn from and 250 to test, batches of 10."""
    layers = tuple(DenseSpec(units=count, activation="tanh") for count in units)
    spec = RunSpec(layers=layers, optimizer=optimizer)
    return Network(name, spec, input_shape(spec), outputs_of(spec.dataset), 250, 250, laps)


def _picture_network(name: str, side: int, layers: tuple[LayerSpec, ...], batch_size: int, laps: Laps) -> Network:
    """Pictures of ten classes, side by side as many as in the digits (8) or in MNIST's small cousin (28)."""
    train_count, val_count = {8: (1500, 297), 28: (6000, 1000)}[side]
    samples = train_count + val_count
    # Not validated: there are more samples, and in one network more units, than a specification may name.
    dataset = DatasetSpec(name="digits").model_copy(
        update={"samples": samples, "train_fraction": train_count / samples}
    )
    optimizer = OptimizerSpec(name="adam", learning_rate=0.001)
    changes = {"dataset": dataset, "layers": layers, "optimizer": optimizer, "batch_size": batch_size}
    spec = RunSpec().model_copy(update=changes)
    return Network(name, spec, (side, side, 1), 10, train_count, val_count, laps)


def _rung(example: str, laps: Laps, samples: int | None = None) -> Network:
    """A rung of the image page's ladders, as `examples/` has it; with fewer samples where an epoch takes minutes."""
    raw_spec = json.loads((_EXAMPLES / f"{example}.json").read_text("utf-8"))
    if samples:
        raw_spec["dataset"]["samples"] = samples
    spec = parse_run_spec(raw_spec)
    train_count = train_samples(spec)
    counts = train_count, all_samples(spec) - train_count
    return Network(example, spec, input_shape(spec), outputs_of(spec.dataset), *counts, laps)


def _adam(learning_rate: float) -> OptimizerSpec:
    name: OptimizerName = "adam"
    return OptimizerSpec(name=name, learning_rate=learning_rate)


_SGD = OptimizerSpec(name="sgd", learning_rate=0.03)
_WIDE = DenseSpec(activation="relu").model_copy(update={"units": 128})
_DEEP = (8,) * 6

SMALL = _plane_network("2-4-2-1 tanh, SGD", (4, 2), _SGD, Laps(engine=5120, fit=10, bare_loop=7680, javascript=1000))
DEEP = _plane_network("2-8x6-1 tanh, SGD", _DEEP, _SGD, Laps(engine=1280, fit=10, bare_loop=2048, javascript=100))
DEEP_ADAM = _plane_network("2-8x6-1 tanh, Adam", _DEEP, _adam(0.003), Laps(engine=1000, fit=10))
DIGITS_MLP = _picture_network(
    "digits MLP 64-64-10, Adam", 8, (FlattenSpec(), DenseSpec(units=64, activation="relu")), 32, Laps(100, 10)
)
DIGITS_CNN = _picture_network(
    "digits CNN 8x8, Adam", 8, (Conv2DSpec(filters=16), MaxPooling2DSpec(), FlattenSpec()), 32, Laps(10, 8)
)
MNIST_MLP = _picture_network(
    "MNIST MLP 784-128-dropout-10, Adam", 28, (FlattenSpec(), _WIDE, DropoutSpec(rate=0.2)), 32, Laps(6, 3)
)
MNIST_CNN = _picture_network(
    "MNIST CNN 32-64, Adam",
    28,
    (Conv2DSpec(filters=32), MaxPooling2DSpec(), Conv2DSpec(filters=64), MaxPooling2DSpec(), FlattenSpec()),
    64,
    Laps(2, 2),
)

NETWORKS = (SMALL, DEEP, DEEP_ADAM, DIGITS_MLP, DIGITS_CNN, MNIST_MLP, MNIST_CNN)

RUNGS = (
    _rung("digits_dense", Laps(60, 8)),
    _rung("digits_small_cnn", Laps(6, 4)),
    _rung("mnist_tutorial", Laps(4, 2)),
    _rung("mnist_small_cnn", Laps(1, 1)),
    _rung("mnist_augmentation", Laps(1, 1)),
    _rung("mnist_batch_norm_dropout", Laps(1, 1), samples=5_000),
    _rung("fashion_small_cnn", Laps(1, 1)),
    _rung("cifar10_small", Laps(1, 1), samples=6_000),
    _rung("cifar10_85", Laps(1, 1), samples=6_000),
)
BY_NAME = {network.name: network for network in (*NETWORKS, *RUNGS)}
