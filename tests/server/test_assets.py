"""Templates and static files are found in a checkout."""

import os
from pathlib import Path

import pytest

from server.assets import assets_dir, modules_of


@pytest.mark.parametrize(("name", "file"), [("static", "js/main.js"), ("templates", "base.html")])
def test_a_folder_of_the_checkout_is_found(name: str, file: str) -> None:
    assert (assets_dir(name) / file).is_file()


def test_a_missing_folder_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"'nothing' is missing: install the package again\."):
        assets_dir("nothing")


def _write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_the_modules_of_a_page_are_found_once_each_nearest_first(tmp_path: Path) -> None:
    entry = _write(
        tmp_path,
        main='import { one } from "./one.js";\nimport {\n  two,\n  three,\n} from "./two.js";\n',
        one='import { deep } from "./deep.js";\n',
        two='export * from "./deep.js";\nimport "./one.js";\n',
        deep='import "./main.js";\n',
    )

    assert [module.stem for module in modules_of(entry)] == ["one", "two", "deep"]


def test_an_import_in_a_comment_one_at_need_and_one_that_is_missing_are_left_out(tmp_path: Path) -> None:
    entry = _write(
        tmp_path,
        main='/** @type {import("./one.js").One} */\nawait import("./one.js");\nimport { gone } from "./gone.js";\n',
        one="",
    )

    assert modules_of(entry) == []


def test_a_module_that_was_changed_is_read_again(tmp_path: Path) -> None:
    entry = _write(tmp_path, main='import "./one.js";\n', one="", two="")
    assert [module.stem for module in modules_of(entry)] == ["one"]
    entry.write_text('import "./two.js";\n', encoding="utf-8")
    os.utime(entry, ns=(1, 1))

    assert [module.stem for module in modules_of(entry)] == ["two"]
