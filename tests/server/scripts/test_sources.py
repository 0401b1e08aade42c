"""Definitions come with all they use, and with nothing else."""

import numpy as np
import pytest

from server.datasets import synthetic
from server.scripts.sources import definitions_of


def test_a_function_brings_its_constants_and_its_own_functions() -> None:
    text = "\n".join(definitions_of(synthetic, ["spiral"]))
    assert "RADIUS = 5.0" in text
    assert "def _arm(count, phase):" in text
    assert "moons" not in text


def test_annotations_are_left_out() -> None:
    assert "np.random.Generator" not in "\n".join(definitions_of(synthetic, ["circle"]))


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "spiral", "moons", "plane", "gauss_hills"])
def test_the_definitions_run_alone_and_make_the_same_samples(name: str) -> None:
    names: dict[str, object] = {"np": np, "Sample": lambda inputs, labels: (inputs, labels)}
    exec("\n".join(definitions_of(synthetic, [name])), names)  # noqa: S102 - our own source, which is what is tested
    streams = [np.random.default_rng(seed) for seed in (1, 2, 1, 2)]
    inputs, labels = names[name](50, 0.2, *streams[:2])  # type: ignore[operator]
    expected = getattr(synthetic, name)(50, 0.2, *streams[2:])
    np.testing.assert_array_equal(inputs, expected.inputs)
    np.testing.assert_array_equal(labels, expected.labels)
