"""Model files changed at random are opened or refused, and do nothing else."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("counts memory as only Unix does", allow_module_level=True)

from tests.converter.keras_files.fuzz import fuzz

COUNT = 500


@pytest.mark.slow
def test_no_mutant_does_anything_but_be_opened_or_refused() -> None:
    report = fuzz(COUNT, seed=1)

    assert report.failures == []
    assert report.count == COUNT
    assert report.opened + sum(report.refused.values()) == COUNT
    assert report.opened > COUNT / 20, "mutants are so bad that they test nothing but the first check"
    assert len(report.refused) >= 4
    assert report.largest_growth_bytes <= 50_000_000
    assert report.memory_growth_bytes <= 200_000_000
