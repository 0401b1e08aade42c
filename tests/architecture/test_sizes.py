"""Files and functions stay small enough to be read in one sitting."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("server", "converter", "static/js", "static/css", "templates", "tests", ".ci")
SUFFIXES = {"", ".py", ".js", ".css", ".html"}
GENERATED = {".ci/constraints.txt", ".ci/build-constraints.txt"}
FILE_LINES = 500
FUNCTION_LINES = 40


def _find_source_files() -> Iterator[Path]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix in SUFFIXES and "__pycache__" not in file.parts:
                yield file


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, first statement to last, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def _long_functions(code: str) -> list[str]:
    functions = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [f"{f.name}: {_body_lines(f)} lines" for f in functions if _body_lines(f) > FUNCTION_LINES]


@pytest.mark.parametrize(("lines", "too_long"), [(40, False), (41, True)])
def test_the_measure_counts_a_body_without_its_docstring(lines: int, too_long: bool) -> None:
    body = "\n".join(["    x = 1"] * lines)
    code = f'def f():\n    """One\n    two\n    three."""\n{body}\n'

    assert bool(_long_functions(code)) is too_long


@pytest.mark.parametrize("file", list(_find_source_files()), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_and_its_functions_can_be_read_in_one_sitting(file: Path) -> None:
    code = file.read_text(encoding="utf-8")

    assert len(code.splitlines()) <= FILE_LINES
    assert _long_functions(code) == [] if file.suffix == ".py" else True
