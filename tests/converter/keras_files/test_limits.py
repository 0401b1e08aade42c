"""How much a file may ask for: counted before it is taken."""

import os
from pathlib import Path

import pytest

from converter.errors import InputRefused, InvalidConfiguration
from converter.keras_files import archive, hdf5, open_model
from converter.keras_files.archive import MAX_RATIO, open_entry, open_zip
from tests.converter.keras_files.handmade import make_file, make_weights


def test_weights_are_refused_before_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    from converter.keras_files.budget import Budget, BudgetedZeros, budgeted

    monkeypatch.setattr(keras.ops, "zeros", lambda *_: pytest.fail("made too early"))
    with budgeted(Budget(100)), pytest.raises(InvalidConfiguration, match="1000000000000 weights"):
        BudgetedZeros()((10**6, 10**6))


def test_weights_of_all_layers_are_counted_together() -> None:
    import keras

    from converter.keras_files.budget import Budget, BudgetedZeros, budgeted

    budget = Budget(10_000)
    with budgeted(budget):
        layer = keras.layers.MultiHeadAttention(
            2, 3, kernel_initializer=BudgetedZeros(), bias_initializer=BudgetedZeros()
        )
        layer(keras.Input((4, 5)), keras.Input((4, 5)))

    assert budget.used == layer.count_params()


@pytest.mark.parametrize(
    ("layers", "numbers", "multiplications"),
    [
        ("Dense(3)", 10 + 3, 3 + 30),
        ("Reshape((5, 2)), Dense(3)", 10 + 10 + 15, 10 + 15 + 5 * 6),
        ("Reshape((5, 2)), LSTM(3)", 10 + 10 + 3, 10 + 3 + 5 * (2 * 12 + 3 * 12)),
        ("Reshape((5, 2)), Conv1D(3, 2, padding='same')", 10 + 10 + 15, 10 + 15 + 5 * 12),
    ],
)
def test_the_cost_of_one_answer_follows_from_shapes(layers: str, numbers: int, multiplications: int) -> None:
    import keras

    from converter.keras_files.cost import cost_of

    made = eval(f"[{layers}]", vars(keras.layers))  # a row of the table above
    cost = cost_of(keras.Sequential([keras.Input((10,)), *made]))

    assert (cost.numbers, cost.multiplications) == (numbers, multiplications)


def test_a_model_inside_costs_as_often_as_it_is_called() -> None:
    import keras

    from converter.keras_files.cost import cost_of

    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, use_bias=False)])
    x = keras.Input((4,))
    once, twice = keras.Model(x, inner(x)), keras.Model(x, inner(inner(x)))

    assert cost_of(twice).multiplications == 2 * cost_of(once).multiplications


def test_a_stored_entry_is_read_where_it_lies(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "file.zip"
    content = os.urandom(100_000)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("first", b"x" * 77)
        packed.writestr("model.weights.h5", content)

    with path.open("rb") as stream, open_zip(stream, path) as opened, open_entry(opened, "model.weights.h5") as entry:
        assert entry.read() == content
        assert entry.seek(99_990) == 99_990
        assert entry.read(50) == content[99_990:]
        assert entry.seek(-10, os.SEEK_END) == 99_990
        assert entry.seek(3) == 3
        assert entry.read(5) == content[3:8]


def test_a_stored_entry_with_one_wrong_bit_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("model.weights.h5", b"a" * 5_000)
    content = bytearray(path.read_bytes())
    content[1_000] ^= 1
    path.write_bytes(content)

    with (
        path.open("rb") as stream,
        open_zip(stream, path) as opened,
        pytest.raises(InputRefused),
        open_entry(opened, "model.weights.h5"),
    ):
        pass


def test_an_entry_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    bomb = b"\x00" * (MAX_RATIO * 20_000)

    with pytest.raises(InputRefused, match="unpacks to far more"):
        open_model(make_file(tmp_path / "model.keras", weights=make_weights() + bomb))


def test_lists_of_names_cut_into_parts_are_put_together(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "a.h5", "w") as store:
        store.attrs["weight_names0"] = [b"a", b"b"]
        store.attrs["weight_names1"] = [b"c"]
        assert hdf5.read_names(store, "weight_names") == ["a", "b", "c"]
        assert hdf5.read_names(store, "other") == []


def test_deep_and_crowded_json_is_refused() -> None:
    for content in (b"[" * 90_000, b"[]," * 200_000, b"NaN", b"\xff", b"9" * 10_000):
        with pytest.raises(InputRefused):
            archive.parse_json(content, "config.json")
