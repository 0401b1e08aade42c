"""What a person asks of a running run, as the state it should be in: versioned, so that repeating it is harmless."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from server.domain import limits
from server.domain.errors import InvalidControl, InvalidSpec, Problem
from server.domain.layers import DenseSpec
from server.domain.mobilenet import base_tail
from server.domain.shapes import LayerPlan, count_weights, plan_network
from server.domain.spec import RunSpec
from server.domain.validation import parse_strictly, wrong_value

Speed = Annotated[float, Field(gt=0, le=limits.MAX_SPEED)]
Rate = Annotated[float, Field(ge=0, le=limits.MAX_REGULARIZATION)]
WeightValue = Annotated[float, Field(ge=-limits.MAX_WEIGHT, le=limits.MAX_WEIGHT)]

KEPT_EDITS = 256
"""Weights set by hand that are remembered until the run has surely applied them."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class WeightEdit(_Frozen):
    """One kernel entry of a dense layer set by hand: `layer` counts hidden layers of every kind from 0.

    The output layer is the last.
    """

    layer: int = Field(ge=0, le=limits.MAX_PICTURE_LAYERS)
    row: int = Field(ge=0)
    unit: int = Field(ge=0)
    value: WeightValue


class BiasEdit(_Frozen):
    """One bias set by hand."""

    layer: int = Field(ge=0, le=limits.MAX_PICTURE_LAYERS)
    unit: int = Field(ge=0)
    value: WeightValue


class ControlRequest(_Frozen):
    """The body of a control: an action, and what it needs."""

    action: Literal["pause", "resume", "step", "stop", "set"]
    epochs: int = Field(1, ge=1, le=limits.MAX_STEP_EPOCHS)
    learning_rate: float | None = Field(None, ge=0, le=limits.MAX_LEARNING_RATE)
    l1: Rate | None = None
    l2: Rate | None = None
    speed: Speed | None = None
    gradients: bool | None = None
    weight: WeightEdit | None = None
    bias: BiasEdit | None = None


class ControlState(_Frozen):
    """The state a run should be in. `version` rises with every control; `edits` carry the version that asked."""

    version: int = 0
    paused: bool = False
    stop: bool = False
    epochs_granted: int = 0
    learning_rate: float
    l1: float
    l2: float
    speed: float | None = None
    gradients: bool = False
    """Whether the run also tells what its gradients are like."""
    edits: tuple[tuple[int, WeightEdit | BiasEdit], ...] = ()

    def to_payload(self) -> dict[str, object]:
        """What the page is told: without the inner bookkeeping."""
        return self.model_dump(include={"version", "paused", "learning_rate", "l1", "l2", "speed", "gradients"})


STOP = ControlState(version=2**31, stop=True, learning_rate=0.0, l1=0.0, l2=0.0)
"""The last word to a run whose own controls are not known any more."""


def parse_control(raw_control: object, spec: RunSpec) -> ControlRequest:
    """A control from decoded JSON. Raises InvalidControl with every problem found."""
    try:
        control = parse_strictly(ControlRequest, raw_control)
    except InvalidSpec as error:
        raise InvalidControl(error.problems) from error
    problems = [*_nothing_to_set(control), *_outside_network(control, spec)]
    if problems:
        raise InvalidControl(problems)
    return control


def parse_speed(raw_speed: object) -> float | None:
    """Epochs per second, or None for as fast as possible. Raises InvalidControl."""
    try:
        return TypeAdapter(Speed | None).validate_python(raw_speed, strict=True)
    except ValidationError as error:
        expected = f"more than 0, at most {limits.MAX_SPEED:.0f} (epochs per second), or null"
        raise InvalidControl([wrong_value("speed", "invalid_speed", expected, raw_speed)]) from error


def initial_controls(spec: RunSpec, *, paused: bool, speed: float | None) -> ControlState:
    """The state a run starts in."""
    return ControlState(
        paused=paused,
        speed=speed,
        learning_rate=spec.optimizer.learning_rate,
        l1=spec.regularization.l1,
        l2=spec.regularization.l2,
    )


def place_of(spec: RunSpec, edit: WeightEdit | BiasEdit) -> int:
    """Index of the number an edit means, in all weights of the network in one row.

    Layer by layer, and inside a layer in Keras' order: a dense layer has its kernel, row by row, and then its bias.
    The edit must have been accepted for this spec by `parse_control`.
    """
    plans = plan_network(spec)
    kernel, bias = plans[edit.layer].weights
    tail = base_tail(spec.base) if spec.base else None
    before = count_weights(plans[: edit.layer]) + (tail.weights_count if tail else 0)
    if isinstance(edit, WeightEdit):
        return before + edit.row * kernel[1] + edit.unit
    return before + prod(kernel) + edit.unit


def apply_control(state: ControlState, control: ControlRequest) -> ControlState:
    """The state after one more control, one version later."""
    following = state.model_copy(update={"version": state.version + 1})
    return _EFFECTS[control.action](following, control)


def _pause(state: ControlState, control: ControlRequest) -> ControlState:
    return state.model_copy(update={"paused": True})


def _resume(state: ControlState, control: ControlRequest) -> ControlState:
    return state.model_copy(update={"paused": False})


def _step(state: ControlState, control: ControlRequest) -> ControlState:
    granted = state.epochs_granted + control.epochs
    return state.model_copy(update={"paused": True, "epochs_granted": granted})


def _stop(state: ControlState, control: ControlRequest) -> ControlState:
    return state.model_copy(update={"stop": True})


def _set(state: ControlState, control: ControlRequest) -> ControlState:
    # `speed: null` is a value of its own (as fast as possible), so what was sent decides, not what is None.
    names = control.model_fields_set & {"learning_rate", "l1", "l2", "gradients"}
    changes: dict[str, object] = {name: value for name in names if (value := getattr(control, name)) is not None}
    if "speed" in control.model_fields_set:
        changes["speed"] = control.speed
    edits = [(state.version, edit) for edit in (control.weight, control.bias) if edit is not None]
    changes["edits"] = (*state.edits, *edits)[-KEPT_EDITS:]
    return state.model_copy(update=changes)


_EFFECTS: dict[str, Callable[[ControlState, ControlRequest], ControlState]] = {
    "pause": _pause,
    "resume": _resume,
    "step": _step,
    "stop": _stop,
    "set": _set,
}


def _nothing_to_set(control: ControlRequest) -> list[Problem]:
    values = control.model_dump(exclude={"action", "epochs", "speed"}, exclude_unset=True)
    has_value = "speed" in control.model_fields_set or any(value is not None for value in values.values())
    if control.action != "set" or has_value:
        return []
    names = "learning_rate, l1, l2, speed, gradients, weight or bias"
    message = f"set must name what to set: {names}."
    return [Problem("action", "nothing_to_set", message, f"one of {names}", None)]


def _outside_network(control: ControlRequest, spec: RunSpec) -> list[Problem]:
    """Edits that name a weight the network does not have."""
    edits = (("weight", control.weight), ("bias", control.bias))
    plans = plan_network(spec)
    return [problem for name, edit in edits if edit is not None for problem in _outside(name, edit, plans)]


def _outside(name: str, edit: WeightEdit | BiasEdit, plans: Sequence[LayerPlan]) -> list[Problem]:
    if edit.layer >= len(plans):
        return _above(f"{name}.layer", edit.layer, len(plans) - 1)
    plan = plans[edit.layer]
    if not isinstance(plan.layer, DenseSpec):
        return [_not_dense(f"{name}.layer", edit.layer, plans)]
    problems = _above(f"{name}.unit", edit.unit, plan.outputs[0] - 1)
    if isinstance(edit, WeightEdit):
        problems += _above(f"{name}.row", edit.row, plan.inputs[0] - 1)
    return problems


def _not_dense(field: str, received: int, plans: Sequence[LayerPlan]) -> Problem:
    dense = ", ".join(str(index) for index, plan in enumerate(plans) if isinstance(plan.layer, DenseSpec))
    message = (
        f"{field} names a {plans[received].layer.kind} layer, but only the numbers of dense layers can be set by hand; "
        f"in this network: {dense}."
    )
    return Problem(field, "not_dense", message, f"one of {dense}", received)


def _above(field: str, received: int, highest: int) -> list[Problem]:
    if received <= highest:
        return []
    message = f"{field} must be 0 to {highest} in this network, but {received} was received."
    return [Problem(field, "outside_network", message, f"0 to {highest}", received)]
