"""Programs are compiled beside the training, never before it: one thread builds them, a cache keeps them."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TypeAlias

from server.training.programs import Program
from server.training.recipe import Recipe

CACHED_NUMBERS = 30_000_000
"""Numbers of all networks whose programs are kept, as each holds a model of its own: some 200 megabytes."""

CACHED_PROGRAMS = 256
"""TensorFlow keeps the compiled code of a program for the life of the process: forgetting a program saves little, and
costs a second compilation when it is wanted again."""

Build: TypeAlias = Callable[[Recipe], Program]


class ProgramCache:
    """Programs by what decides their code; the least used one goes when the cache is full."""

    def __init__(self, most: int = CACHED_PROGRAMS, most_numbers: int = CACHED_NUMBERS) -> None:
        self._most = most
        self._most_numbers = most_numbers
        self._programs: OrderedDict[str, tuple[int, Future[Program]]] = OrderedDict()
        self._lock = Lock()
        # An executor's thread begins with the first program, and is waited for when the process ends: XLA does not
        # survive being torn down in the middle of a compilation.
        self._compiler = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compiler")

    def get(self, recipe: Recipe, build: Build) -> Future[Program]:
        """The program of a recipe, which `build` makes; compiling begins at once, in the order of asking."""
        with self._lock:
            if recipe.key not in self._programs:
                future = self._compiler.submit(_compiled, recipe, build)
                self._programs[recipe.key] = recipe.state_count, future
                while self._is_over_full():
                    self._programs.popitem(last=False)
            self._programs.move_to_end(recipe.key)
            return self._programs[recipe.key][1]

    def _is_over_full(self) -> bool:
        """The newest one stays however large it is."""
        numbers = sum(count for count, _ in self._programs.values())
        return len(self._programs) > self._most or (numbers > self._most_numbers and len(self._programs) > 1)


def _compiled(recipe: Recipe, build: Build) -> Program:
    program = build(recipe)
    program.compile()
    return program
