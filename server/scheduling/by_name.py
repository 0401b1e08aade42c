"""Call a function of the worker by its name, so that the web process need not import it."""

import asyncio
from importlib import import_module
from typing import Any


def call(name: str, *arguments: Any) -> Any:
    """Call "package.module:function" here, in the process where this runs."""
    return _function(name)(*arguments)


async def call_async(name: str, *arguments: Any) -> Any:
    """Await the coroutine function of that name: as a task of a cluster it runs on the worker's event loop."""
    return await _function(name)(*arguments)


async def call_in_thread(name: str, *arguments: Any) -> Any:
    """Call the function of that name beside the worker's event loop, in one of the few threads kept for that.

    Dask's own pool starts one more thread for each call, up to as many as a worker may have tasks.
    """
    return await asyncio.to_thread(call, name, *arguments)


def _function(name: str) -> Any:
    module_name, _, function_name = name.partition(":")
    return getattr(import_module(module_name), function_name)
