"""How many epochs every run begins with in NumPy, while its program is being compiled.

The number follows from the recipe alone, never from the clock or from what happens to be compiled already: numbers of
two ways to compute differ in their last bits, and the same spec must give the same bits every time.
"""

from server.training.recipe import Recipe

OPENING_S = 0.5
"""About so long the opening takes in all when nothing else runs."""

MOST_OPENING_EPOCHS = 600
"""Ten seconds at 60 epochs a second: longer than a compilation takes, even on a busy machine."""

_UPDATE_S = 4e-6
_LAYER_S = 4e-6
_MULTIPLICATION_S = 0.25e-9


def opening_epochs(recipe: Recipe) -> int:
    """Epochs to train in NumPy first: none when a single one would take longer than compiling."""
    return min(int(OPENING_S / _epoch_s(recipe)), MOST_OPENING_EPOCHS)


def _epoch_s(recipe: Recipe) -> float:
    """About how long an epoch takes in NumPy: calls cost more than numbers in a small network."""
    update_s = _UPDATE_S + _LAYER_S * len(recipe.plans)
    return recipe.steps_per_epoch * update_s + recipe.epoch_multiplications * _MULTIPLICATION_S
