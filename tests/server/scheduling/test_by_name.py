"""Functions travel by name."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.scheduling import by_name


def run_apart(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run to its end on a loop in a thread of its own: in this one a loop may be running, left by browser tests."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(asyncio.run, coroutine).result()


def test_a_function_is_called_by_its_name() -> None:
    assert by_name.call("math:hypot", 3.0, 4.0) == 5.0


@pytest.mark.parametrize(
    ("name", "error"),
    [("math:no_such_function", AttributeError), ("no_such_module:f", ModuleNotFoundError)],
)
def test_a_name_that_leads_nowhere_is_an_error(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        by_name.call(name)


def test_a_coroutine_function_is_awaited_where_it_is_called() -> None:
    assert asyncio.iscoroutinefunction(by_name.call_async), "or Dask would give it a thread"
    assert run_apart(by_name.call_async("asyncio:sleep", 0, "slept")) == "slept"


def test_a_function_called_in_a_thread_leaves_the_loop_free() -> None:
    async def call_while_the_loop_goes_on() -> tuple[int, int]:
        calling = asyncio.create_task(by_name.call_in_thread("threading:get_ident"))
        await asyncio.sleep(0)
        return await calling, threading.get_ident()

    called_in, loop_in = run_apart(call_while_the_loop_goes_on())
    assert called_in != loop_in


def test_an_error_in_a_thread_is_the_error_of_the_call() -> None:
    with pytest.raises(ZeroDivisionError):
        run_apart(by_name.call_in_thread("operator:truediv", 1, 0))


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
