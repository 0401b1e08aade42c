"""How many epochs every run begins with in NumPy, while its program is being compiled.

The number follows from the recipe alone, never from the clock or from what happens to be compiled already: numbers of
two ways to compute differ in their last bits, and the same spec must give the same bits every time.
"""

from server.training.recipe import Recipe

MOST_OPENING_S = 0.5
"""The opening takes no longer than this in all when nothing else runs."""

EPOCHS_PER_S = 60
"""How fast a run goes on the page."""

LONG_EPOCH_S = 0.2
"""By the cautious count of NumPy's time; a compiled program may take a tenth of it."""

_COMPILING_S, _COMPILING_LAYER_S = 0.5, 0.25
"""About how long a program takes to compile beside the training: 1.3 s for two hidden layers, 2.3 s for six."""

_UPDATE_S = 4e-6
_LAYER_S = 4e-6
_MULTIPLICATION_S = 0.25e-9


def opening_epochs(recipe: Recipe) -> int:
    """Epochs to train in NumPy first: those that the page shows while a program is compiled.

    Fewer when they would be a burden, none when a single one would take longer than compiling.
    """
    if recipe.tail:
        return 0
    compiling_s = _COMPILING_S + _COMPILING_LAYER_S * len(recipe.plans)
    return min(int(MOST_OPENING_S / _epoch_s(recipe)), int(EPOCHS_PER_S * compiling_s))


def has_long_epochs(recipe: Recipe) -> bool:
    """Whether an epoch may take so long that it is worth telling how far it is; of others nothing of it is counted."""
    return recipe.tail is not None or _epoch_s(recipe) > LONG_EPOCH_S


def _epoch_s(recipe: Recipe) -> float:
    """About how many seconds an epoch takes in NumPy: calls cost more than numbers in a small network."""
    update_s = _UPDATE_S + _LAYER_S * len(recipe.plans)
    return recipe.steps_per_epoch * update_s + recipe.epoch_multiplications * _MULTIPLICATION_S
