"""The part of a script that trains and tells how it went."""

from server.domain.spec import EarlyStoppingSpec, RunSpec, outputs_of, problem_of

_ORDER = '''def order_of(epoch):
    """Each epoch sees the training samples in an order of its own."""
    key = np.random.SeedSequence([SEED, 1]).generate_state(2, np.uint64)
    stream = np.random.Philox(key=key, counter=[0, 0, 0, epoch])
    return np.random.Generator(stream).permutation(len(x_train))'''

_MEASURE = '''def measure():
    """The numbers of the page: of the data alone (no penalty), on all samples, after the epoch."""
    numbers = {{}}
    for name, features, labels in (("", x_train, y_train), ("val_", x_test, y_test)):
        answers = np.asarray(model(features, training=False))
        numbers[name + "loss"] = float(loss(labels, answers))
{accuracy}    return numbers'''

_RIGHT = {
    "two": "(answers > 0.5) == (labels > 0.5)",
    "more": "answers.argmax(axis=1) == labels.argmax(axis=1)",
}

_LOOP = """print(f"Training {{EPOCHS}} epochs; this can take a minute or two.")
{before}history = {{}}
for epoch in range(1, EPOCHS + 1):
{schedule}    order = order_of(epoch)
    for start in range(0, len(x_train), BATCH_SIZE):
        rows = order[start : start + BATCH_SIZE]
        model.train_on_batch(x_train[rows], y_train[rows])
    for name, number in measure().items():
        history.setdefault(name, []).append(number)
{stopping}{after}"""

_STOPPING = """    metric = history["{metric}"][-1]
    if {sign}metric - {least} > {sign}best:
        best, best_epoch, best_weights = metric, epoch, model.get_weights()
    if epoch - best_epoch >= {patience}:
        break
"""

_REPORT = """numbers = ", ".join(f"{name} {values[-1]:.6g}" for name, values in history.items())
print(f"Epoch {epoch}: {numbers}")
model.save("model.keras")"""


def training_section(spec: RunSpec) -> str:
    """Source that trains `model` for EPOCHS epochs; the curve is in `history`."""
    loop = _LOOP.format(schedule=_schedule(spec), **_stopping(spec.early_stopping))
    return "\n\n\n".join([_ORDER, _MEASURE.format(accuracy=_accuracy(spec)), loop.rstrip()])


def report_section() -> str:
    """Source that prints the last numbers and saves the model."""
    return _REPORT


def _accuracy(spec: RunSpec) -> str:
    if problem_of(spec.dataset.name) == "regression":
        return ""
    right = _RIGHT["two" if outputs_of(spec.dataset) == 1 else "more"]
    return f'        numbers[name + "accuracy"] = float(np.mean({right}))\n'


def _schedule(spec: RunSpec) -> str:
    """The rate of an epoch, set before it begins."""
    schedule, rate = spec.optimizer.schedule, spec.optimizer.learning_rate
    if schedule.name == "constant":
        return ""
    if schedule.name == "step":
        share = f"{schedule.factor!r} ** ((epoch - 1) // {schedule.every_epochs})"
    else:
        rest, way = schedule.final_fraction, f"min((epoch - 1) / {schedule.epochs}, 1)"
        share = f"({rest!r} + (1 - {rest!r}) * 0.5 * (1 + math.cos(math.pi * {way})))"
    return f"    model.optimizer.learning_rate = {rate!r} * {share}\n"


def _stopping(stopping: EarlyStoppingSpec | None) -> dict[str, str]:
    """What stands before the loop, at the end of each epoch, and behind the loop."""
    if stopping is None:
        return {"before": "", "stopping": "", "after": ""}
    rises = stopping.metric.endswith("accuracy")
    rule = _STOPPING.format(
        metric=stopping.metric, sign="" if rises else "-", least=stopping.min_delta, patience=stopping.patience
    )
    return {
        "before": f"best, best_epoch = {'-' if rises else ''}math.inf, 0\n",
        "stopping": rule,
        "after": "model.set_weights(best_weights)\n" if stopping.restore_best else "",
    }
