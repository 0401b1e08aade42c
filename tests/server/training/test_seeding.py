"""Every random choice comes from the seed."""

import numpy as np

from server.training.seeding import layer_seed, sample_orders


def test_an_order_names_each_sample_once() -> None:
    for order in sample_orders(0, 1, 5, 250, 5):
        assert sorted(order) == list(range(250))


def test_an_epoch_has_the_same_order_however_it_is_reached() -> None:
    together = sample_orders(3, 1, 10, 50, 16)
    alone = sample_orders(3, 7, 1, 50, 16)
    assert np.array_equal(together[6], alone[0])


def test_each_epoch_and_each_seed_has_its_own_order() -> None:
    orders = {bytes(order) for seed in range(3) for order in sample_orders(seed, 1, 10, 50, 10)}
    assert len(orders) == 30


def test_rows_beyond_the_epochs_are_not_drawn() -> None:
    assert not sample_orders(0, 1, 2, 50, 4)[2:].any()


def test_layers_have_seeds_of_their_own() -> None:
    assert len({layer_seed(seed, layer) for seed in range(5) for layer in range(9)}) == 45
