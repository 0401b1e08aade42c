"""The benchmark: `python -m tests.bench [--only NAME ...] [--quick]`; see docs/benchmarks.md."""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    converter_against_official,
    crowd,
    damaged_files,
    engine_against_bare_loop,
    engine_against_fit,
    engine_against_javascript,
    first_metrics,
)
from tests.bench.figures import Broken, PartReport
from tests.bench.machine import describe_machine
from tests.bench.options import Options
from tests.bench.tables import render, summary

PARTS: dict[str, Callable[[Options], PartReport]] = {
    "fit": engine_against_fit.measure,
    "ladders": engine_against_fit.measure_rungs,
    "bare-loop": engine_against_bare_loop.measure,
    "javascript": engine_against_javascript.measure,
    "first-metrics": first_metrics.measure,
    "crowd": crowd.measure,
    "converter": converter_against_official.measure,
    "damaged-files": damaged_files.measure,
}
RESULT_FILE = Path(__file__).parents[2] / "build" / "bench.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when everything could be measured, whatever came out, and 1 when something broke."""
    wanted = _parser().parse_args(arguments)
    begun_s = time.monotonic()
    options = Options(wanted.quick, lambda text: _say(f"[{time.monotonic() - begun_s:4.0f} s] {text}"))
    machine, reports, broken = describe_machine(), {}, {}
    for name in wanted.only or PARTS:
        try:
            reports[name] = PARTS[name](options)
            print(f"\n{render(reports[name])}", flush=True)
        except Exception as error:  # whatever broke one part, the others are measured
            broken[name] = str(error)
            _say(f"\nBroken: {name}: {error if isinstance(error, Broken) else traceback.format_exc()}\n")
    print(summary(list(reports.values())))
    _write(machine | {"took_s": round(time.monotonic() - begun_s), "is_quick": wanted.quick}, reports, broken)
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the engine, the server and the converter."
    )
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), metavar="NAME", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter measurements: a first impression")
    return parser


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _write(machine: dict[str, object], reports: dict[str, PartReport], broken: dict[str, str]) -> None:
    parts = {name: _payload(report) for name, report in reports.items()}
    RESULT_FILE.parent.mkdir(exist_ok=True)
    content = {"machine": machine, "parts": parts, "broken": broken}
    RESULT_FILE.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    print(f"Written to {RESULT_FILE}")


def _payload(report: PartReport) -> dict[str, object]:
    return {
        "title": report.title,
        "notes": list(report.notes),
        "skipped_because": report.skipped_because or None,
        "figures": [figure.to_payload() for figure in report.figures],
    }


if __name__ == "__main__":
    sys.exit(main())
