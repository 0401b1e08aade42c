"""Training pictures changed at random: what each slider does, and that chance repeats itself."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from server.datasets.augmentation import augmentation_stream, augmented
from server.datasets.splits import as_inputs
from server.domain.spec import AugmentationSpec

EVERYTHING = {"shift": 0.2, "rotate": 30.0, "zoom": 0.2, "flip": True, "noise": 0.1}


def _pictures(count: int = 40, height: int = 12, width: int = 16, channels: int = 3) -> npt.NDArray[np.uint8]:
    generator = np.random.default_rng(7)
    return generator.integers(0, 256, (count, height, width, channels), np.uint8)


def _changed(pictures: npt.NDArray[Any], step: int = 0, **wish: Any) -> npt.NDArray[np.float32]:
    return augmented(pictures, AugmentationSpec(**wish), augmentation_stream(5, step))


@pytest.mark.parametrize("wish", [{name: value} for name, value in EVERYTHING.items()] + [EVERYTHING], ids=str)
def test_the_same_step_gives_the_same_pictures_and_the_next_one_others(wish: dict[str, Any]) -> None:
    pictures = _pictures()
    first = _changed(pictures, **wish)

    assert (first.dtype, first.shape) == (np.float32, pictures.shape)
    assert first.min() >= 0
    assert first.max() <= 1
    assert np.array_equal(first, _changed(pictures, **wish))
    assert not np.array_equal(first, _changed(pictures, step=1, **wish))
    assert not np.array_equal(first, as_inputs(pictures))


def test_nothing_wished_changes_nothing_and_the_pictures_stay_as_they_are() -> None:
    pictures = _pictures()
    before = pictures.copy()

    np.testing.assert_array_equal(_changed(pictures), as_inputs(pictures))
    _changed(pictures, **EVERYTHING)
    np.testing.assert_array_equal(pictures, before)


def test_half_of_the_pictures_are_mirrored_from_left_to_right() -> None:
    pictures = _pictures(count=400)
    changed, inputs = _changed(pictures, flip=True), as_inputs(pictures)
    is_mirrored = (changed == inputs[:, :, ::-1]).all(axis=(1, 2, 3))

    assert ((changed == inputs).all(axis=(1, 2, 3)) != is_mirrored).all()
    assert 140 < is_mirrored.sum() < 260


def test_shifted_pictures_move_by_whole_pixels_up_to_the_share_and_their_edge_fills_the_gap() -> None:
    pictures = _pictures(count=300, height=10, width=20, channels=1)
    changed, inputs = _changed(pictures, shift=0.2), as_inputs(pictures)
    moves = set()
    for picture, original in zip(changed, inputs, strict=True):
        padded = np.pad(original, ((2, 2), (4, 4), (0, 0)), mode="edge")
        fitting = [
            (down, right)
            for down in range(-2, 3)
            for right in range(-4, 5)
            if np.array_equal(picture, padded[2 - down : 12 - down, 4 - right : 24 - right])
        ]
        assert len(fitting) == 1
        moves.add(fitting[0])
    assert {down for down, _ in moves} == set(range(-2, 3))
    assert {right for _, right in moves} == set(range(-4, 5))


def test_a_turned_cross_keeps_its_middle_and_a_turned_plain_picture_its_shade() -> None:
    cross = np.zeros((30, 9, 9, 1), np.uint8)
    cross[:, 4, :] = cross[:, :, 4] = 255
    turned = _changed(cross, rotate=40.0)

    np.testing.assert_allclose(turned[:, 4, 4, 0], 1, atol=1e-5)
    assert (turned[:, 0, 4, 0] < 0.9).mean() > 0.5
    plain = np.full((5, 7, 7, 3), 51, np.uint8)
    np.testing.assert_allclose(_changed(plain, rotate=90.0, zoom=0.5, shift=0.5), 0.2, atol=1e-6)


def test_a_slope_that_is_enlarged_stays_a_slope_of_another_steepness() -> None:
    slope = np.broadcast_to(np.linspace(0.25, 0.75, 11, dtype=np.float32)[None, None, :, None], (50, 11, 11, 1))
    enlarged = _changed(slope, zoom=0.4)
    steps = np.diff(enlarged[:, 5, 4:7, 0], axis=1)

    np.testing.assert_allclose(enlarged[:, 5, 5, 0], 0.5, atol=1e-5)
    np.testing.assert_allclose(steps[:, 0], steps[:, 1], atol=1e-5)
    assert steps.min() == pytest.approx(0.05 / 1.4, rel=0.05)
    assert steps.max() == pytest.approx(0.05 / 0.6, rel=0.05)


def test_one_slider_more_does_not_change_what_the_others_draw() -> None:
    pictures = _pictures(count=100)
    inputs = as_inputs(pictures)
    alone = (_changed(pictures, flip=True) == inputs).all(axis=(1, 2, 3))
    noisy = np.abs(_changed(pictures, flip=True, noise=0.001) - inputs).max(axis=(1, 2, 3)) < 0.02

    np.testing.assert_array_equal(alone, noisy)


def test_noise_is_as_large_as_wished() -> None:
    grey = np.full((20, 16, 16, 1), 128, np.uint8)

    assert _changed(grey, noise=0.1).std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_one_row_can_be_turned(channels: int) -> None:
    assert np.isfinite(_changed(_pictures(4, 1, 8, channels), **EVERYTHING)).all()
