"""The engine against Keras' `fit`."""

from collections.abc import Sequence

from tests.bench.contender import Contest, python_contender, ratios
from tests.bench.figures import Figure, PartReport, Target, median_figure
from tests.bench.networks import DEEP, DEEP_ADAM, MNIST_CNN, NETWORKS, RUNGS, SMALL, Network
from tests.bench.options import Options

TARGETS = {SMALL.name: 250.0, DEEP.name: 60.0, DEEP_ADAM.name: 60.0, MNIST_CNN.name: 1.5}
NEVER_SLOWER = 1.0

NOTES = (
    "Milliseconds of an epoch, medians; both sides tell loss and accuracy of training and test share every epoch. "
    "`fit` is called as people call it (defaults, validation_data, accuracy, verbose=0): its training metrics are the "
    "running ones of the epoch. `fit + evaluate` also evaluates the training share after each epoch, as the engine "
    "does. `fit` has the whole machine, the engine is set up as in a worker process.",
)

RUNG_NOTE = (
    "The networks are those of `examples/`; pictures are random, in the sizes of the real ones, of CIFAR-10 6,000. "
    "`fit` has them as float32 from the start and augments with Keras' own layers; the engine reads bytes and makes "
    "numbers of them."
)


def measure(options: Options) -> PartReport:
    """Compare on every network."""
    return PartReport("The engine against Keras fit", NOTES, _contest(NETWORKS, options))


def measure_rungs(options: Options) -> PartReport:
    """Compare on every rung of the image page's ladders."""
    return PartReport("The ladders of the image page against Keras fit", (*NOTES, RUNG_NOTE), _contest(RUNGS, options))


def _contest(networks: Sequence[Network], options: Options) -> tuple[Figure, ...]:
    figures: list[Figure] = []
    sides = ("engine", "fit", "fit-and-evaluate")
    with Contest(*(python_contender(side) for side in sides)) as contest:
        for network in networks:
            options.say(f"engine against fit: {network.name}")
            laps = {"engine": network.laps.engine, "fit": network.laps.fit, "fit-and-evaluate": network.laps.fit}
            figures += [
                *_figures(network, contest.run({"network": network.name}, laps, options.rounds)),
                contest.others(network.name),
            ]
    return tuple(figures)


def _figures(network: Network, times: dict[str, list[float]]) -> list[Figure]:
    target = Target(">=", TARGETS.get(network.name, NEVER_SLOWER))
    faster = ratios(times["fit"], times["engine"])
    faster_than_both = ratios(times["fit-and-evaluate"], times["engine"])
    return [
        median_figure(network.name, "engine", "ms", times["engine"]),
        median_figure(network.name, "fit", "ms", times["fit"]),
        median_figure(network.name, "fit + evaluate", "ms", times["fit-and-evaluate"]),
        median_figure(network.name, "times fit", "x", faster, target),
        median_figure(network.name, "times fit + evaluate", "x", faster_than_both),
    ]
