"""The compute slot: one at a time, first come first served."""

import threading
import time

from server.training.slot import ComputeSlot


def test_only_one_holds_the_slot_and_all_get_their_turn() -> None:
    slot, inside, most, turns = ComputeSlot(), [0], [0], []

    def compute(name: int) -> None:
        for _ in range(50):
            with slot.turn():
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                turns.append(name)
                inside[0] -= 1

    threads = [threading.Thread(target=compute, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
    assert sorted(turns) == sorted(list(range(8)) * 50)


def test_turns_are_given_in_the_order_of_asking() -> None:
    slot, order = ComputeSlot(), []

    def compute(name: int) -> None:
        with slot.turn():
            order.append(name)

    threads = [threading.Thread(target=compute, args=(name,)) for name in range(5)]
    with slot.turn():
        for number, thread in enumerate(threads, start=1):
            thread.start()
            while slot.waiting < number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_a_turn_that_raises_hands_the_slot_on() -> None:
    slot = ComputeSlot()
    try:
        with slot.turn():
            raise ValueError
    except ValueError:
        pass
    with slot.turn():
        assert slot.waiting == 0
