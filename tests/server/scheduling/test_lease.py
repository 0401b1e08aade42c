"""A lease ends when nobody renews it."""

from server.scheduling.lease import LEASE_S, Lease
from tests.fakes import FakeClock


def test_a_lease_lasts_from_its_last_renewal() -> None:
    clock = FakeClock()
    lease = Lease(clock)
    for _ in range(3):
        clock.advance(LEASE_S)
        assert not lease.is_over
        lease.renew()
    clock.advance(LEASE_S + 0.01)

    assert lease.is_over


def test_a_web_process_that_comes_back_makes_it_good_again() -> None:
    clock = FakeClock()
    lease = Lease(clock, lasts_s=5)
    clock.advance(6)
    lease.renew()

    assert not lease.is_over
