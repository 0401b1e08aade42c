"""Programs are built once, beside the training, and kept as long as there is room."""

from threading import Event

import pytest

from server.training.compiler import ProgramCache
from server.training.recipe import Recipe
from tests.recipes import make_recipe


class FakeProgram:
    """Compiles when it is allowed to; `built` records the recipes in order."""

    def __init__(self, recipe: Recipe, built: list[Recipe], may_compile: Event) -> None:
        built.append(recipe)
        self._may_compile = may_compile

    def compile(self) -> None:
        assert self._may_compile.wait(5.0)


def test_a_program_is_not_waited_for() -> None:
    may_compile, built = Event(), list[Recipe]()
    pending = ProgramCache().get(make_recipe()[0], lambda recipe: FakeProgram(recipe, built, may_compile))  # type: ignore[arg-type,return-value]
    assert not pending.done()
    may_compile.set()
    assert isinstance(pending.result(), FakeProgram)
    assert pending.done()


def test_what_was_built_is_used_again_until_it_is_the_one_used_least() -> None:
    may_compile, built = Event(), list[Recipe]()
    may_compile.set()
    cache = ProgramCache(most=2)
    recipes = [make_recipe(batch_size=size)[0] for size in (1, 2, 3)]

    def get(index: int) -> object:
        return cache.get(recipes[index], lambda recipe: FakeProgram(recipe, built, may_compile)).result()  # type: ignore[arg-type,return-value]

    first = get(0)
    get(1)
    assert get(0) is first
    get(2)
    get(0)
    assert built == recipes
    get(1)
    assert built == [*recipes, recipes[1]]


def test_a_fault_in_building_reaches_who_asks_and_nobody_else() -> None:
    def fail(recipe: Recipe) -> object:
        raise ValueError("no such layer")

    may_compile, built = Event(), list[Recipe]()
    may_compile.set()
    cache = ProgramCache()
    pending = cache.get(make_recipe()[0], fail)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no such layer"):
        pending.result()
    good = cache.get(make_recipe(batch_size=3)[0], lambda recipe: FakeProgram(recipe, built, may_compile))  # type: ignore[arg-type,return-value]
    assert isinstance(good.result(), FakeProgram)


def test_large_networks_make_way_for_each_other() -> None:
    may_compile, built = Event(), list[Recipe]()
    may_compile.set()
    recipes = [make_recipe(batch_size=size)[0] for size in (1, 2)]
    cache = ProgramCache(most_numbers=recipes[0].state_count)

    for index in (0, 0, 1, 1, 0):
        cache.get(recipes[index], lambda recipe: FakeProgram(recipe, built, may_compile)).result()  # type: ignore[arg-type,return-value]
    assert built == [recipes[0], recipes[1], recipes[0]]
