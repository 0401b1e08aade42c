"""Problems between the fields of a specification, which no single field shows."""

from collections.abc import Callable, Sequence
from math import inf

from server.domain import limits
from server.domain.errors import Problem
from server.domain.formula import FormulaError, parse_formula
from server.domain.formula_values import defined_share
from server.domain.shapes import ImpossibleShape, Shape, plan_network
from server.domain.spec import (
    COLLECTED,
    LAWS,
    LINE_FEATURES,
    LossName,
    RunSpec,
    classes_of,
    domain_of,
    features_of,
    formula_of,
    kind_of,
    most_samples,
    problem_of,
    takes_points,
)

Check = Callable[[RunSpec], list[Problem]]


def find_contradictions(spec: RunSpec) -> list[Problem]:
    """Every contradiction of a spec."""
    return [*find_data_contradictions(spec), *_found(spec, _NETWORK_CHECKS)]


def find_data_contradictions(spec: RunSpec) -> list[Problem]:
    """The contradictions between `dataset` and `features` alone."""
    return _found(spec, _DATA_CHECKS)


def _found(spec: RunSpec, checks: Sequence[Check]) -> list[Problem]:
    return [problem for check in checks for problem in check(spec)]


# ---- Data -----------------------------------------------------------------------------------------------------


def _repeated_features(spec: RunSpec) -> list[Problem]:
    if len(set(spec.features)) == len(spec.features):
        return []
    message = "features must name each input once; remove the repeated names."
    return [Problem("features", "repeated", message, "each name once", list(spec.features))]


def _too_many_samples(spec: RunSpec) -> list[Problem]:
    received, most = spec.dataset.samples, most_samples(spec.dataset.name)
    if received <= most:
        return []
    expected = f"{limits.MIN_SAMPLES} to {most}"
    message = f"dataset.samples must be {expected}, but {received} was received: {spec.dataset.name} has no more."
    return [Problem("dataset.samples", "less_than_equal", message, expected, received)]


def _own_images_without_name(spec: RunSpec) -> list[Problem]:
    name, own = spec.dataset.name, spec.dataset.images
    if (name == "own_images") == (own is not None):
        return []
    if own is None:
        expected = '{"collection": "..."}, the name your pictures got when they were sent'
        message = f"dataset.images must be {expected}, but null was received; send the pictures first."
        return [Problem("dataset.images", "images_missing", message, expected, None)]
    message = f"dataset.images must be null for {name}: only own_images are brought by somebody."
    return [Problem("dataset.images", "takes_no_images", message, f"null for {name}", own.collection)]


def _split_nobody_gave(spec: RunSpec) -> list[Problem]:
    if spec.dataset.split == "share" or spec.dataset.name in COLLECTED:
        return []
    message = f"dataset.split must be share: {spec.dataset.name} has no training and test parts of its own."
    return [Problem("dataset.split", "no_given_split", message, "share", spec.dataset.split)]


def _no_feature_of_a_line(spec: RunSpec) -> list[Problem]:
    if features_of(spec):
        return []
    expected = f"at least one of {', '.join(LINE_FEATURES)}"
    message = f"features must name {expected}: a curve has no x2, so the others are left out."
    return [Problem("features", "no_feature_of_a_line", message, expected, list(spec.features))]


def _empty_line(spec: RunSpec) -> list[Problem]:
    low, high = domain_of(spec.dataset)
    if high - low >= limits.MIN_CURVE_WIDTH:
        return []
    expected = f"at least {limits.MIN_CURVE_WIDTH:g} above dataset.x_min, which is {low:g}"
    message = f"dataset.x_max must be {expected}, but {high:g} was received."
    return [Problem("dataset.x_max", "empty_line", message, expected, high)]


def _formula_nobody_takes(spec: RunSpec) -> list[Problem]:
    name, formula = spec.dataset.name, spec.dataset.formula
    if formula is None or name in LAWS:
        return []
    message = f"dataset.formula must be null for {name}: only {_listed(list(LAWS))} are made from a formula."
    return [Problem("dataset.formula", "takes_no_formula", message, f"null for {name}", formula)]


def _unreadable_formula(spec: RunSpec) -> list[Problem]:
    formula, is_plane = formula_of(spec.dataset), kind_of(spec.dataset.name) == "plane"
    if formula is None:
        return []
    try:
        parse_formula(formula, is_plane=is_plane)
    except FormulaError as error:
        message = f"dataset.formula cannot be read. {error}"
        return [Problem("dataset.formula", error.code, message, error.expected, formula, error.position)]
    return _formula_without_values(spec, formula)


def _formula_without_values(spec: RunSpec, formula: str) -> list[Problem]:
    """Of a readable formula, for numbers within reach, for classes anything that can be compared with 0."""
    is_plane, is_number = kind_of(spec.dataset.name) == "plane", problem_of(spec.dataset.name) == "regression"
    most = limits.MAX_LAW if is_number else inf
    if defined_share(formula, domain_of(spec.dataset), is_plane=is_plane, most=most) >= limits.MIN_LAW_SHARE:
        return []
    low, high = domain_of(spec.dataset)
    value = f"a value between -{limits.MAX_LAW:g} and {limits.MAX_LAW:g}" if is_number else "a value"
    where = f"x1 and x2 from {low:g} to {high:g}" if is_plane else f"x from {low:g} to {high:g}"
    expected = f"{value} for {where}, at least in a tenth of all places"
    message = f"dataset.formula must have {expected}; samples are drawn only where it has one."
    return [Problem("dataset.formula", "formula_without_values", message, expected, formula)]


# ---- Own points -----------------------------------------------------------------------------------------------


def _points_nobody_takes(spec: RunSpec) -> list[Problem]:
    name, count = spec.dataset.name, len(spec.dataset.points)
    if not count or takes_points(name):
        return []
    message = (
        f"dataset.points must be empty for {name}, but {_counted(count)} came: "
        "own points can be laid on the plane only."
    )
    return [Problem("dataset.points", "takes_no_points", message, f"no points for {name}", count)]


def _label_of_no_class(spec: RunSpec) -> list[Problem]:
    """The first of them, with a word on how many more there are."""
    classes = classes_of(spec.dataset)
    if classes is None or not takes_points(spec.dataset.name):
        return []
    wrong = [(index, label) for index, (_, _, label) in enumerate(spec.dataset.points) if label not in range(classes)]
    if not wrong:
        return []
    index, label = wrong[0]
    field = f"dataset.points[{index}][2]"
    expected = "0 or 1" if classes == 2 else f"a whole number, 0 to {classes - 1}"
    others = len(wrong) - 1
    more = f" (and the same of {_counted(others)} more)" if others else ""
    message = f"{field}, a label, must be {expected}, but {label:g} was received{more}: there are {classes} classes."
    return [Problem(field, "label_of_no_class", message, expected, label)]


def _too_few_points(spec: RunSpec) -> list[Problem]:
    count = len(spec.dataset.points)
    if spec.dataset.name != "points" or count >= limits.MIN_POINTS:
        return []
    expected = f"at least {limits.MIN_POINTS} points"
    message = (
        f"dataset.points must have {expected} to train with, two to learn from and two to test with, "
        f"but {_counted(count)} came; lay more on the plane."
    )
    return [Problem("dataset.points", "too_few_points", message, expected, count)]


def _counted(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


_DATA_CHECKS: tuple[Check, ...] = (
    _repeated_features,
    _too_many_samples,
    _own_images_without_name,
    _split_nobody_gave,
    _no_feature_of_a_line,
    _empty_line,
    _formula_nobody_takes,
    _unreadable_formula,
    _points_nobody_takes,
    _label_of_no_class,
)


# ---- Loss and early stopping ----------------------------------------------------------------------------------

_OF_NUMBERS: tuple[LossName, ...] = ("mse", "mae", "huber")


def _loss_of_other_labels(spec: RunSpec) -> list[Problem]:
    classes = classes_of(spec.dataset)
    fitting = _fitting_losses(classes)
    if spec.loss in fitting:
        return []
    labels = "numbers" if classes is None else f"{classes} classes"
    code, reason = _misfit(classes)
    message = f"loss must be {_listed(fitting)} for the {labels} of {spec.dataset.name}: {spec.loss} {reason}."
    return [Problem("loss", code, message, "one of " + ", ".join(fitting), spec.loss)]


def _fitting_losses(classes: int | None) -> tuple[LossName, ...]:
    if classes is None:
        return ("auto", *_OF_NUMBERS)
    return ("auto", "binary_crossentropy" if classes == 2 else "categorical_crossentropy", *_OF_NUMBERS)


def _misfit(classes: int | None) -> tuple[str, str]:
    """Code and reason of a cross-entropy that does not fit so many classes."""
    if classes is None:
        return "loss_needs_classes", "compares classes"
    if classes == 2:
        return "loss_needs_more_classes", "needs three classes or more"
    return "loss_needs_two_classes", "needs exactly two classes"


def _accuracy_of_numbers(spec: RunSpec) -> list[Problem]:
    stopping = spec.early_stopping
    if stopping is None or "accuracy" not in stopping.metric or problem_of(spec.dataset.name) == "classification":
        return []
    message = (
        f"early_stopping.metric must be loss or val_loss for the numbers of {spec.dataset.name}: "
        "only classes have an accuracy."
    )
    return [Problem("early_stopping.metric", "metric_needs_classes", message, "one of loss, val_loss", stopping.metric)]


# ---- Optimizer ------------------------------------------------------------------------------------------------


def _momentum_of_another_optimizer(spec: RunSpec) -> list[Problem]:
    wanted = spec.optimizer
    if wanted.name == "sgd" or wanted.momentum == 0:
        return []
    message = (
        f"optimizer.momentum must be 0 with {wanted.name}, but {wanted.momentum:g} was received; "
        "only sgd takes a momentum."
    )
    return [Problem("optimizer.momentum", "momentum_needs_sgd", message, f"0 with {wanted.name}", wanted.momentum)]


def _nesterov_without_momentum(spec: RunSpec) -> list[Problem]:
    wanted = spec.optimizer
    if not wanted.nesterov or (wanted.name == "sgd" and wanted.momentum > 0):
        return []
    if wanted.name == "sgd":
        code, state, advice = "nesterov_needs_momentum", "without momentum", "set a momentum above 0"
    else:
        code, state, advice = "nesterov_needs_sgd", f"with {wanted.name}", "choose sgd"
    message = f"optimizer.nesterov must be false {state}, but true was received; {advice} or leave it out."
    return [Problem("optimizer.nesterov", code, message, f"false {state}", True)]


def _two_ways_to_clip(spec: RunSpec) -> list[Problem]:
    wanted = spec.optimizer
    if wanted.clip_norm is None or wanted.clip_value is None:
        return []
    message = (
        f"optimizer.clip_value must be null beside clip_norm, but {wanted.clip_value:g} was received; "
        "gradients are clipped in one way only: leave one of the two out."
    )
    return [Problem("optimizer.clip_value", "two_ways_to_clip", message, "null beside clip_norm", wanted.clip_value)]


# ---- Shapes ---------------------------------------------------------------------------------------------------


def _pictures_only(spec: RunSpec) -> list[Problem]:
    name = spec.dataset.name
    if kind_of(name) == "image":
        return []
    problems = []
    if not spec.augmentation.is_none:
        message = f"augmentation must be left out for {name}: only pictures are shifted, turned and flipped."
        problems.append(Problem("augmentation", "needs_pictures", message, f"nothing for {name}"))
    if spec.base is not None:
        message = f"base must be null for {name}: {spec.base.name} has learned from pictures and looks at nothing else."
        problems.append(Problem("base", "needs_pictures", message, f"null for {name}", spec.base.name))
    return problems


def _augmented_base(spec: RunSpec) -> list[Problem]:
    """What a base says about a picture is worked out once."""
    if spec.base is None or spec.augmentation.is_none:
        return []
    message = (
        f"augmentation must be left out with base: {spec.base.name} looks at each picture once and remembers what it "
        "saw, so pictures cannot change from epoch to epoch. Leave one of both out."
    )
    return [Problem("augmentation", "not_with_base", message, "nothing with a base")]


def _impossible_shape(spec: RunSpec) -> list[Problem]:
    """The first layer that cannot follow: the shapes behind it are not known."""
    if spec.dataset.name == "own_images" and spec.dataset.images is None:
        return []
    try:
        plan_network(spec)
    except ImpossibleShape as error:
        return [_shape_problem(spec, error)]
    return []


def _shape_problem(spec: RunSpec, error: ImpossibleShape) -> Problem:
    comes = _described(error.received)
    if error.index == len(spec.layers):
        field, expected = "layers", "one row of numbers at the end (add a flatten layer)"
        message = (
            f"layers end in {comes}, but the output layer needs one row of numbers; add a flatten layer at the end."
        )
    else:
        field, expected = f"layers[{error.index}]", error.expected
        message = f"{field} ({spec.layers[error.index].kind}) needs {expected}, but {comes} comes in."
    return Problem(field, "impossible_shape", message, expected, list(error.received))


def _described(shape: Shape) -> str:
    if len(shape) == 1:
        return f"one row of {shape[0]} numbers"
    return f"a picture of {' x '.join(map(str, shape))}"


def _listed(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return f"{', '.join(names[:-1])} or {names[-1]}"


_NETWORK_CHECKS: tuple[Check, ...] = (
    _too_few_points,
    _loss_of_other_labels,
    _momentum_of_another_optimizer,
    _nesterov_without_momentum,
    _two_ways_to_clip,
    _accuracy_of_numbers,
    _pictures_only,
    _augmented_base,
    _impossible_shape,
)
