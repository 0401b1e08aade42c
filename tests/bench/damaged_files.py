"""Model files changed at random, opened by the converter: how many, how fast, and that none does harm."""

from tests.bench.figures import Figure, PartReport, Target
from tests.bench.options import Options
from tests.converter.keras_files.fuzz import FuzzReport, fuzz

FILES = 10_000
QUICK_FILES = 500
SEED = 1
SUBJECT = "changed .keras and .h5 files"

NOTES = (
    "Small model files, each changed at random: a value, a byte, an entry of the archive, an object of the store. Each "
    "is opened as a file from a stranger, in processes that are watched: a failure is anything but a model or a "
    "refusal, such as another exception, a crash, a file opened elsewhere, a changed setting of Keras.",
)


def measure(options: Options) -> PartReport:
    """Open so many damaged files, the same ones every time."""
    files = QUICK_FILES if options.is_quick else FILES
    options.say(f"damaged files: opening {files}")
    report = fuzz(files, SEED)
    for failure in report.failures[:10]:
        options.say(f"damaged files: {failure}")
    return PartReport("Damaged model files", NOTES, _figures(report), subjects_across=True)


def _figures(report: FuzzReport) -> tuple[Figure, ...]:
    refused = sum(report.refused.values())
    return (
        Figure(SUBJECT, "files", "", report.count),
        Figure(SUBJECT, "a file", "ms", 1000 * report.seconds / max(1, report.count)),
        Figure(SUBJECT, "opened", "", report.opened),
        Figure(SUBJECT, "refused", "", refused),
        Figure(SUBJECT, "failures", "", len(report.failures), target=Target("<=", 0)),
        Figure(SUBJECT, "memory growth", "MB", report.memory_growth_bytes / 1e6),
    )
