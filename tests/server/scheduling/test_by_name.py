"""Functions travel by name."""

import subprocess
import sys
from pathlib import Path

import pytest

from server.scheduling import by_name


def test_a_function_is_called_by_its_name() -> None:
    assert by_name.call("math:hypot", 3.0, 4.0) == 5.0


@pytest.mark.parametrize(
    ("name", "error"),
    [("math:no_such_function", AttributeError), ("no_such_module:f", ModuleNotFoundError)],
)
def test_a_name_that_leads_nowhere_is_an_error(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        by_name.call(name)


def test_the_module_is_loaded_only_when_it_is_called() -> None:
    script = (
        "import sys\n"
        "from server.scheduling import by_name\n"
        "before = 'colorsys' in sys.modules\n"
        "by_name.call('colorsys:rgb_to_hsv', 0, 0, 0)\n"
        "print(before, 'colorsys' in sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)

    assert done.stdout.split() == ["False", "True"]
