"""The command line: python -m converter MODEL OUT.

Exit codes: 0 done; 2 the input cannot be used (one sentence on standard error, nothing written); 1 a fault of ours.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from converter.convert import FORMATS, QUANTIZATIONS, convert
from converter.errors import ConversionError, InputRefused, UnusableOutput, quoted
from converter.report import Report

DONE, OUR_FAULT, INPUT_REFUSED = 0, 1, 2


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print one sentence instead of the whole usage."""
        self.exit(INPUT_REFUSED, f"{self.prog}: {message}; see --help.\n")


def build_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = _OneLineParser(
        prog="python -m converter", description="Convert a Keras 3 model to TensorFlow.js, with a probe to check it by."
    )
    parser.add_argument("model", metavar="MODEL", help="a model saved by Keras 3 as .keras")
    parser.add_argument("out", metavar="OUT", type=Path, help="folder to write; an earlier conversion is replaced")
    parser.add_argument("--format", choices=FORMATS, default="auto", help="kind of TensorFlow.js model")
    parser.add_argument("--quantize", choices=QUANTIZATIONS, default="none", help="store weights smaller")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write what was done as JSON")
    parser.add_argument("--verify", action="store_true", help="say how the written files were checked")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = build_parser().parse_args(arguments)
    try:
        _refuse_unusable_report(options.report, options.out)
        report = convert(options.model, options.out, format=options.format, quantize=options.quantize)
    except ConversionError as error:
        print(error, file=sys.stderr)
        return INPUT_REFUSED if isinstance(error, InputRefused) else OUR_FAULT
    if options.report is not None:
        options.report.write_text(json.dumps(report.to_payload(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    print("\n".join(summary_lines(report, options.out, options.verify)))
    return DONE


def _refuse_unusable_report(report: Path | None, out: Path) -> None:
    """Find out before anything is written whether the report can be; report.json may lie in the new folder itself."""
    if report is None or report.absolute() == out.absolute() / "report.json":
        return
    is_writable = os.access(report if report.exists() else report.absolute().parent, os.W_OK)
    if report.is_dir() or not is_writable:
        raise UnusableOutput(f"Cannot write the report {quoted(str(report))}; name a file in a folder that exists.")


def summary_lines(report: Report, out: Path, is_verify_asked: bool) -> list[str]:
    """What to tell after a conversion, line by line."""
    lines = [
        f"Wrote {out}: {report.layer_count} layers, {report.weights_count} weights, {len(report.files)} files.",
        f"Load it with: {report.load_line}",
        *(f"Input {tensor.name}: {list(tensor.shape)} {tensor.dtype}" for tensor in report.inputs),
        *(f"Output {tensor.name}: {list(tensor.shape)} {tensor.dtype}" for tensor in report.outputs),
        *(f"Layer {quoted(old)} is called {new} there." for old, new in report.renamed),
    ]
    if is_verify_asked:
        lines.append(
            f"Verified: all {report.weights_count} weights read back bit for bit; "
            f"probe.json holds Keras' answers to {report.probe_rows} rows."
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
