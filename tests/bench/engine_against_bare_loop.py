"""The engine against the bare XLA loop: what readability, reporting and repeatability cost."""

from tests.bench.contender import Contest, python_contender, ratios
from tests.bench.figures import Figure, PartReport, Target, median_figure
from tests.bench.networks import DEEP, SMALL, Network
from tests.bench.options import Options

MOST = Target("<=", 1.3)

NOTES = (
    "Milliseconds of an epoch, medians. The bare loop is plain TensorFlow in one compiled program with the same "
    "evaluation every epoch and the same compiler flags; it tells nobody anything.",
)


def measure(options: Options) -> PartReport:
    """Compare on the small networks of the page."""
    figures: list[Figure] = []
    with Contest(python_contender("engine"), python_contender("bare-loop")) as contest:
        for network in (SMALL, DEEP):
            options.say(f"engine against the bare loop: {network.name}")
            laps = {"engine": network.laps.engine, "bare-loop": network.laps.bare_loop}
            figures += [
                *_figures(network, contest.run({"network": network.name}, laps, options.rounds)),
                contest.others(network.name),
            ]
    return PartReport("The engine against the bare XLA loop", NOTES, tuple(figures))


def _figures(network: Network, times: dict[str, list[float]]) -> list[Figure]:
    return [
        median_figure(network.name, "engine", "ms", times["engine"]),
        median_figure(network.name, "bare loop", "ms", times["bare-loop"]),
        median_figure(network.name, "times its time", "x", ratios(times["engine"], times["bare-loop"]), MOST),
    ]
