"""What the server stands: `python -m tests.soak [--minutes M] [--smoke] [--only NAME ...]`; see docs/figures.md."""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.figures import Broken, Figure
from tests.bench.machine import describe_machine
from tests.soak import answers, commits, doors, endurance, engine, losses, stalled, streams
from tests.soak.options import Options
from tests.soak.servers import ENGINE, STAMPED_ENGINE, soak_server
from tests.soak.table import render, summary
from tests.soak.targets import none


def _engine(options: Options) -> list[Figure]:
    """R5 to R8, on one server with the real engine; of a smoke, R17 too."""
    with soak_server(STAMPED_ENGINE) as server:
        figures = engine.measure(server, options) + losses.measure(server, options)
        return figures + (endurance.measure(server, options) if options.is_smoke else [])


def _endurance(options: Options) -> list[Figure]:
    """R17, on the server as it is."""
    if options.is_smoke:
        return []
    with soak_server(ENGINE) as server:
        return endurance.measure(server, options)


def _commits(options: Options) -> list[Figure]:
    """R9: what a killed process had stored."""
    kills = options.count(10, 200)
    options.say(f"R9: {kills} processes are killed while they commit")
    found: dict[str, Any] = commits.run_kills(kills)
    return [
        none("R9", f"acknowledged commits lost, {kills} kills", found["lost"], found["commits"]),
        none("R9", f"torn commits, or a damaged file, {kills} kills", found["torn"] + (not found["is_intact"])),
    ]


PARTS: dict[str, Callable[[Options], list[Figure]]] = {
    "streams": streams.measure,
    "engine": _engine,
    "commits": _commits,
    "stalled": stalled.measure,
    "doors": doors.measure,
    "endurance": _endurance,
    "answers": lambda options: answers.measure(),
}
RESULT_FILE = Path(__file__).parents[2] / "build" / "soak.json"
MINUTES = 4.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when everything could be measured, whatever came out, and 1 when something broke."""
    wanted = _parser().parse_args(arguments)
    begun_s = time.monotonic()
    options = Options(wanted.smoke, wanted.minutes, lambda text: _say(f"[{time.monotonic() - begun_s:4.0f} s] {text}"))
    machine, figures, broken = describe_machine(), [], {}
    for name in wanted.only or PARTS:
        try:
            figures += PARTS[name](options)
        except Exception as error:  # whatever broke one part, the others are measured
            broken[name] = str(error) or repr(error)
            _say(f"\nBroken: {name}: {error if isinstance(error, Broken) else traceback.format_exc()}\n")
    print(f"\n{render(figures)}\n{summary(figures)}", flush=True)
    about = machine | {"took_s": round(time.monotonic() - begun_s), "is_smoke": wanted.smoke}
    _write(wanted.out, {"machine": about, "figures": [each.to_payload() for each in figures], "broken": broken})
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Measure what the server stands.")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"of the long part, R17 (default {MINUTES:g})")
    parser.add_argument("--smoke", action="store_true", help="small and short: to see that everything is measured")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), metavar="NAME", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--out", type=Path, default=RESULT_FILE, metavar="FILE", help="where the figures are written")
    return parser


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _write(file: Path, content: dict[str, object]) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    print(f"Written to {file}")


if __name__ == "__main__":
    sys.exit(main())
