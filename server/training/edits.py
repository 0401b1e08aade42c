"""One weight or bias set by hand while the run goes on."""

from server.domain.controls import BiasEdit, WeightEdit, place_of
from server.domain.spec import RunSpec
from server.training.build import Values


def edit_values(spec: RunSpec, values: Values, edit: WeightEdit | BiasEdit) -> Values:
    """The state with one number replaced."""
    changed = values.copy()
    changed[place_of(spec, edit)] = edit.value
    return changed
