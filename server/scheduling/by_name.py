"""Call a function of the worker by its name, so that the web process need not import it."""

from importlib import import_module
from typing import Any


def call(name: str, *arguments: Any) -> Any:
    """Call "package.module:function" here, in the process where this runs."""
    module_name, _, function_name = name.partition(":")
    return getattr(import_module(module_name), function_name)(*arguments)
