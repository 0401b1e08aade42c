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

from converter.convert import convert
from converter.errors import ConversionError, InputRefused, UnusableOutput, quoted
from converter.native_log import held_back
from converter.quantization import KINDS
from converter.report import Report
from converter.translation import FORMATS

DONE, OUR_FAULT, INPUT_REFUSED = 0, 1, 2

_DESCRIPTION = """\
Convert a Keras 3 model to TensorFlow.js, so that it runs in any web browser.

The folder OUT gets model.json, its weights in files of at most 4 MB, and probe.json: inputs and Keras' own answers to
them, so that a page can check that it computes the same. It is written whole or not at all."""

_EXAMPLES = """\
examples:
  python -m converter model.keras web/                        a model saved by model.save("model.keras")
  python -m converter model.keras web/ --quantize uint8       four times smaller files, a little less exact
  python -m converter model.h5 web/ --verify                  an older file; check it in TensorFlow.js right away
  python -m converter own.keras web/ --trusted                a file of your own, with code of its own

exit codes: 0 done; 2 the model or the folder cannot be used (the reason is printed, nothing is written); 1 a fault of
the converter."""


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print one sentence instead of the whole usage."""
        self.exit(INPUT_REFUSED, f"{self.prog}: {message}; see --help.\n")


def build_parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = _OneLineParser(
        prog="python -m converter",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", help="a model saved by Keras as .keras, or as .h5 by Keras 2 or 3")
    add("out", metavar="OUT", type=Path, help="folder to write; an earlier conversion in it is replaced")
    add(
        "--format",
        choices=FORMATS,
        default="auto",
        help="layers: can be looked into, trained further and saved in the browser; graph: only answers, but knows "
        "more kinds of layers; auto (default): layers if the model allows it, else graph",
    )
    add(
        "--quantize",
        choices=KINDS,
        default="none",
        help="store each weight in 2 bytes (float16, uint16) or 1 byte (uint8) instead of 4; the report says how much "
        "the answers change",
    )
    add("--report", metavar="FILE", type=Path, help="write what was done as JSON")
    add("--verify", action="store_true", help="also run the written model in TensorFlow.js, if Node is installed")
    add(
        "--trusted",
        action="store_true",
        help="let Keras itself load the file, code in it included; only for files of your own",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = build_parser().parse_args(arguments)
    try:
        _refuse_unusable_report(options.report, options.out, Path(options.model))
        report = _convert(options)
    except ConversionError as error:
        print(error, file=sys.stderr)
        return INPUT_REFUSED if isinstance(error, InputRefused) else OUR_FAULT
    if options.report is not None:
        options.report.write_text(json.dumps(report.to_payload(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    _tell(summary_lines(report, options.out))
    return DONE


def _tell(lines: Sequence[str]) -> None:
    try:
        print("\n".join(lines), flush=True)
    except BrokenPipeError:  # nobody listens any more; Python would complain once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _convert(options: argparse.Namespace) -> Report:
    """Convert, and tell each step to a person who is waiting."""
    with held_back() as terminal:
        is_watched = terminal.isatty()
        return convert(
            options.model,
            options.out,
            format=options.format,
            quantize=options.quantize,
            trusted=options.trusted,
            verify=options.verify,
            progress=lambda step: print(step, file=terminal) if is_watched else None,
        )


def _refuse_unusable_report(report: Path | None, out: Path, model: Path) -> None:
    """Find out before anything is written whether the report can be; report.json may lie in the new folder itself."""
    if report is None or report.resolve() == out.resolve() / "report.json":
        return
    if report.resolve() == model.resolve() or out.resolve() in (report.resolve(), *report.resolve().parents):
        raise UnusableOutput(f"Cannot write the report {quoted(str(report))} over a model; name another file.")
    is_writable = os.access(report if report.exists() else report.absolute().parent, os.W_OK)
    if report.is_dir() or not is_writable:
        raise UnusableOutput(f"Cannot write the report {quoted(str(report))}; name a file in a folder that exists.")


def summary_lines(report: Report, out: Path) -> list[str]:
    """What to tell after a conversion, line by line."""
    kind = "layers model" if report.format == "layers" else "graph model"
    dropped = report.names("dropped")
    return [
        f"Wrote {out}: a {kind}, {report.weights_count} weights, {len(report.files)} files, "
        f"{_readable(report.size_bytes)}, in {report.seconds:.1f} s.",
        *([f"It is a graph model because: {report.reason}"] if report.reason else []),
        *([f"Left out, for they act while training only: {', '.join(dropped)}."] if dropped else []),
        *(f"{note[:1].upper()}{note[1:]}." for note in report.notes),
        *(f"Layer {quoted(old)} is called {new} there." for old, new in report.renamed),
        *(f"Input {tensor.name}: {_shape(tensor.shape)} {tensor.dtype}" for tensor in report.inputs),
        *(f"Output {tensor.name}: {_shape(tensor.shape)} {tensor.dtype}" for tensor in report.outputs),
        f"Load it with:  {report.load_line}",
        f"Ask it with:   {report.answer_line}",
        *_checks(report),
    ]


def _shape(shape: Sequence[int | None]) -> str:
    return f"[{', '.join('any' if size is None else str(size) for size in shape)}]"


def _readable(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.1f} kB"


def _checks(report: Report) -> list[str]:
    lines = [
        f"Checked: all {report.weights_count} weights read back as meant; "
        f"probe.json holds answers to {report.probe_rows} samples."
    ]
    if report.quantization_error is not None:
        lines.append(f"Quantized to {report.quantize}: answers move by up to {report.quantization_error:.1e}.")
    return [*lines, report.checked] if report.checked else lines


if __name__ == "__main__":
    sys.exit(main())
