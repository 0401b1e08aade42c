"""Every ceiling at its very edge: the last value that is taken, and the first that is not."""

from collections.abc import Callable, Mapping
from math import inf, nextafter
from typing import Any

import pytest

from server.domain import limits
from server.domain.controls import parse_control, parse_speed
from server.domain.errors import InvalidInput
from server.domain.events import thin_columns
from server.domain.validation import parse_pictures, parse_preview, parse_run_spec
from tests.builders import make_spec
from tests.http_client import CheckedClient

LIMITS: Mapping[str, float] = {name: value for name, value in vars(limits).items() if name.isupper()}
ELSEWHERE = {
    "MAX_BODY_BYTES": "test_a_body_of_a_million_bytes_is_read_and_one_more_byte_is_not, below",
    "MAX_HISTORY_ROWS": "test_a_history_of_5000_rows_is_whole_and_one_more_is_thinned, below",
    "MAX_FRAME_WEIGHTS": "decides how, not whether: tests/server/training",
    "MIN_LAW_SHARE": "test_a_law_must_hold_in_a_tenth_of_its_domain, below: the domain is looked at in steps",
}

Ask = Callable[[Any], object]


def _spec(**changes: Any) -> object:
    return parse_run_spec(changes)


def _data(name: str, **changes: Any) -> object:
    return parse_run_spec({"dataset": {"name": name, **changes}})


def _picture_layer(count: int = 1, base: object = None, **layer: Any) -> object:
    return _spec(dataset={"name": "digits"}, layers=[*[layer] * count, {"kind": "flatten"}], base=base)


def _own(samples: int = 100, **images: Any) -> object:
    dataset = {"name": "own_images", "samples": samples, "images": {"collection": "a" * 20, **images}}
    return _spec(dataset=dataset, layers=[{"kind": "flatten"}])


def _augmented(**augmentation: Any) -> object:
    return _spec(dataset={"name": "digits"}, layers=[{"kind": "flatten"}], augmentation=augmentation)


def _points(count: int) -> list[list[float]]:
    return [[(index % 100) / 20, 1.0, index % 2] for index in range(count)]


def _formula_of_length(length: int) -> str:
    tail = "+10" if length % 2 else "+1"
    return "x1" + "+1" * ((length - 2 - len(tail)) // 2) + tail


def _weight(value: float) -> object:
    edit = {"layer": 0, "row": 0, "unit": 0, "value": value}
    return parse_control({"action": "set", "weight": edit}, make_spec())


ASK: dict[str, Ask] = {
    "MAX_LAYERS": lambda count: _spec(layers=[{"units": 1}] * count),
    "MAX_UNITS": lambda units: _spec(layers=[{"units": units}]),
    "MAX_FILTERS": lambda filters: _picture_layer(kind="conv2d", filters=filters),
    "MAX_PICTURE_LAYERS": lambda count: _picture_layer(count - 1, kind="dropout"),
    "MAX_PICTURE_UNITS": lambda units: _spec(
        dataset={"name": "digits"}, layers=[{"kind": "flatten"}, {"kind": "dense", "units": units}]
    ),
    "MAX_PICTURES": lambda samples: _own(samples=samples),
    "MAX_PICTURES_SENT": lambda count: parse_pictures({"dataset": {"name": "digits"}, "count": count}),
    "MIN_IMAGE_SIDE": lambda side: _own(side=side),
    "MAX_IMAGE_SIDE": lambda side: _own(side=side),
    "MAX_IMAGE_CLASSES": lambda classes: _own(classes=classes),
    "MAX_SHIFT": lambda shift: _augmented(shift=shift),
    "MAX_ROTATION": lambda degrees: _augmented(rotate=degrees),
    "MAX_ZOOM": lambda zoom: _augmented(zoom=zoom),
    "MAX_PICTURE_NOISE": lambda noise: _augmented(noise=noise),
    "MAX_UNFROZEN": lambda layers: _picture_layer(kind="dropout", base={"unfrozen": layers}),
    "MAX_KERNEL_SIZE": lambda size: _picture_layer(kind="conv2d", kernel_size=size, padding="same"),
    "MAX_STRIDES": lambda strides: _picture_layer(kind="conv2d", strides=strides, padding="same"),
    "MAX_POOL_SIZE": lambda size: _picture_layer(kind="max_pooling2d", pool_size=size, padding="same"),
    "MIN_CLASSES": lambda classes: _data("blobs", classes=classes),
    "MAX_CLASSES": lambda classes: _data("blobs", classes=classes),
    "MAX_CLIP": lambda norm: _spec(optimizer={"name": "sgd", "clip_norm": norm}),
    "MAX_FORMULA_LENGTH": lambda length: _data("formula", formula=_formula_of_length(length)),
    # The formula itself is the first level.
    "MAX_FORMULA_DEPTH": lambda depth: _data("formula", formula="(" * (depth - 1) + "x1" + ")" * (depth - 1)),
    "MAX_LAW": lambda value: _data("surface", formula=f"{value:.13f}"),
    "MAX_COORDINATE": lambda x: _data("circle", points=[[x, -x, 1]]),
    "MAX_CURVE_X": lambda x: _data("curve", x_max=x),
    "MIN_CURVE_WIDTH": lambda width: _data("curve", x_min=0.0, x_max=width),
    "MAX_POINTS": lambda count: _data("points", points=_points(count)),
    "MIN_POINTS": lambda count: _data("points", points=_points(count)),
    "MAX_POINT_LABEL": lambda label: _data("plane", points=[[0.0, 0.0, label]]),
    "MAX_SAMPLES": lambda samples: _data("xor", samples=samples),
    "MIN_SAMPLES": lambda samples: _data("xor", samples=samples),
    "MAX_BATCH_SIZE": lambda size: _spec(batch_size=size),
    "MAX_LEARNING_RATE": lambda rate: _spec(optimizer={"name": "sgd", "learning_rate": rate}),
    "MAX_REGULARIZATION": lambda rate: _spec(regularization={"l1": rate, "l2": rate}),
    "MAX_NOISE": lambda noise: _data("xor", noise=noise),
    "MAX_SEED": lambda seed: _spec(seed=seed, dataset={"name": "xor", "seed": seed}),
    "MAX_EPOCHS": lambda epochs: _spec(epochs=epochs),
    "MAX_SPEED": parse_speed,
    "MAX_STEP_EPOCHS": lambda epochs: parse_control({"action": "step", "epochs": epochs}, make_spec()),
    "MAX_WEIGHT": _weight,
}


def test_every_limit_is_asked_about_at_its_edge() -> None:
    assert {*ASK, *ELSEWHERE} == LIMITS.keys()


def _beyond(name: str) -> float:
    value = LIMITS[name]
    is_most = name.startswith("MAX_")
    if isinstance(value, int):
        return value + 1 if is_most else value - 1
    return nextafter(value, inf if is_most else -inf)


@pytest.mark.parametrize("name", ASK)
def test_the_last_value_is_taken_and_the_next_one_is_not(name: str) -> None:
    ASK[name](LIMITS[name])
    with pytest.raises(InvalidInput):
        ASK[name](_beyond(name))


@pytest.mark.parametrize("name", ["MAX_CLIP", "MAX_LEARNING_RATE", "MAX_REGULARIZATION", "MAX_SPEED", "MAX_WEIGHT"])
@pytest.mark.parametrize("value", [inf, -inf, float("nan"), 1e308, 10**400, True, "1", None, [1]], ids=repr)
def test_what_is_no_number_of_its_kind_is_not_taken(name: str, value: object) -> None:
    if value is None and name in ("MAX_CLIP", "MAX_SPEED"):
        return  # a value of its own: no clipping, as fast as possible
    with pytest.raises(InvalidInput):
        ASK[name](value)


def test_a_law_must_hold_in_a_tenth_of_its_domain() -> None:
    """On the square from -6 to 6, `sqrt(x1 - 4.8)` has values in exactly a tenth."""
    assert _data("surface", formula="sqrt(x1 - 4.7)")
    with pytest.raises(InvalidInput):
        _data("surface", formula="sqrt(x1 - 4.9)")


def test_a_preview_has_the_ceilings_of_a_run() -> None:
    parse_preview({"dataset": {"name": "xor", "samples": limits.MAX_SAMPLES}})
    with pytest.raises(InvalidInput):
        parse_preview({"dataset": {"name": "xor", "samples": limits.MAX_SAMPLES + 1}})


@pytest.mark.parametrize(
    ("rows", "kept"), [(limits.MAX_HISTORY_ROWS, limits.MAX_HISTORY_ROWS), (limits.MAX_HISTORY_ROWS + 1, 5_000)]
)
def test_a_history_of_5000_rows_is_whole_and_one_more_is_thinned(rows: int, kept: int) -> None:
    columns = {"epoch": list(range(rows))}
    thinned = thin_columns(columns, limits.MAX_HISTORY_ROWS)
    assert len(thinned["epoch"]) == kept
    assert (thinned == columns) is (rows == kept)
    assert (thinned["epoch"][0], thinned["epoch"][-1]) == (0, rows - 1)


@pytest.mark.parametrize(("size", "status"), [(limits.MAX_BODY_BYTES, 202), (limits.MAX_BODY_BYTES + 1, 413)])
def test_a_body_of_a_million_bytes_is_read_and_one_more_byte_is_not(
    client: CheckedClient, size: int, status: int
) -> None:
    body = b'{"spec": {}}'
    answer = client.post("/api/runs", data=body + b" " * (size - len(body)), content_type="application/json")
    assert answer.status_code == status
