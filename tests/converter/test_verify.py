"""Probes and the reading back of what was written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import converter
from converter.errors import InvalidConfiguration, UnusableProbe, VerificationFailed
from converter.keras_config import parse_model
from converter.verify import build_probe, check_files, make_probe_inputs, probe_shapes
from tests.converter.keras_files import make_dense, make_input, make_layer, make_sequential


def _conv(size: int, name: str = "conv2d", filters: int = 2) -> dict[str, Any]:
    return make_layer("Conv2D", name, filters=filters, kernel_size=[size, size])


def test_the_probe_is_the_same_every_time_and_reaches_far() -> None:
    first, second = make_probe_inputs([(None, 2)]), make_probe_inputs([(None, 2)])

    np.testing.assert_array_equal(first[0], second[0])
    assert first[0].shape == (16, 2)
    assert first[0].dtype == np.float32
    assert not first[0][0].any()
    assert np.abs(first[0]).max() == 100
    assert np.sum(np.abs(first[0]) <= 6) == 28


@pytest.mark.parametrize(
    ("shape", "expected"), [((None, None, 3), (16, 3, 3)), ((4, 2), (4, 2)), ((1, 2), (1, 2)), ((None, 1), (16, 1))]
)
def test_unknown_sizes_are_chosen_and_fixed_batches_kept(shape: Any, expected: tuple[int, ...]) -> None:
    (probe,) = make_probe_inputs([shape])

    assert probe.shape == expected


@pytest.mark.parametrize(
    ("sizes", "layers", "chosen"),
    [
        pytest.param((2,), [make_dense()], (16, 2), id="known"),
        pytest.param((None, 4), [make_dense()], (16, 3, 4), id="any number of rows"),
        pytest.param((None, None, 1), [_conv(3)], (16, 3, 3, 1), id="one small window"),
        pytest.param((None, None, 1), [_conv(4)], (16, 8, 8, 1), id="one larger window"),
        pytest.param((None, None, 1), [_conv(9, "a"), _conv(9, "b")], (16, 32, 32, 1), id="two large windows"),
        pytest.param((None, 20, 1), [_conv(9)], (16, 16, 20, 1), id="any height"),
    ],
)
def test_unknown_sizes_are_chosen_large_enough_for_every_window(
    sizes: tuple[int | None, ...], layers: list[dict[str, Any]], chosen: tuple[int, ...]
) -> None:
    assert probe_shapes(parse_model(make_sequential(make_input("x", *sizes), *layers))) == [chosen]


@pytest.mark.parametrize(
    ("sizes", "layers", "said"),
    [
        pytest.param((None, None, 1), [_conv(256, "a"), _conv(2, "b")], "at least 2 pixels", id="windows too large"),
        pytest.param((5_000, 5_000, 1), [_conv(1)], "250000000 numbers", id="pictures too large"),
        pytest.param((1_000, 1_000, 1), [_conv(1)], "20000000; use smaller", id="probe too large"),
        pytest.param((600, 600, 64), [_conv(200, filters=1)], "multiplications", id="too much work"),
    ],
)
def test_a_model_that_cannot_be_asked_is_refused_before_it_is(
    sizes: tuple[int | None, ...], layers: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(InvalidConfiguration, match=said):
        probe_shapes(parse_model(make_sequential(make_input("x", *sizes), *layers)))


def test_a_network_that_cannot_answer_far_out_rows_is_asked_nearer_ones() -> None:
    def overflow(inputs: Any) -> Any:
        return [np.where(np.abs(inputs[0]) > 50, np.inf, inputs[0])]

    inputs, outputs = build_probe([(None, 2)], None, overflow)

    assert np.abs(inputs[0]).max() == 6
    assert np.isfinite(outputs[0]).all()


def test_a_network_that_never_answers_with_numbers_is_refused() -> None:
    with pytest.raises(UnusableProbe):
        build_probe([(None, 2)], None, lambda inputs: [np.full((16, 1), np.nan, "f4")])


def _change_a_bit(folder: Path) -> None:
    shard = folder / "group1-shard1of1.bin"
    content = bytearray(shard.read_bytes())
    content[5] ^= 1
    shard.write_bytes(content)


def _change_model(change: Callable[[Any], object]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        model = json.loads((folder / "model.json").read_bytes())
        change(model)
        (folder / "model.json").write_text(json.dumps(model))

    return changed


DAMAGES: dict[str, Callable[[Path], object]] = {
    "one bit": _change_a_bit,
    "missing shard": lambda folder: (folder / "group1-shard1of1.bin").unlink(),
    "missing probe": lambda folder: (folder / "probe.json").unlink(),
    "truncated model": lambda folder: (folder / "model.json").write_bytes(b'{"format":'),
    "swapped weights": _change_model(lambda model: model["weightsManifest"][0]["weights"].reverse()),
    "other shape": _change_model(lambda model: model["weightsManifest"][0]["weights"][0].update(shape=[4, 2])),
    "other fingerprint": _change_model(lambda model: model["userDefinedMetadata"].update(weights_sha256="0")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_difference_is_found(damage: str, small_model: Any, tmp_path: Path) -> None:
    converter.convert(small_model, tmp_path / "out")
    names = ["hidden_1/kernel", "hidden_1/bias", "hidden_2/kernel", "hidden_2/bias", "output/kernel", "output/bias"]
    arrays = dict(zip(names, small_model.get_weights(), strict=True))
    check_files(tmp_path / "out", arrays)

    DAMAGES[damage](tmp_path / "out")

    with pytest.raises(VerificationFailed):
        check_files(tmp_path / "out", arrays)
