"""Files of strangers that must be refused, and what they may do until then: nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from converter.errors import InputRefused
from converter.keras_files import open_model
from tests.converter.keras_files.bad_files import BAD_FILES

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    write, error = BAD_FILES[name]
    path = tmp_path / "bad.keras"
    write(path)

    with pytest.raises(InputRefused) as refusal:
        open_model(path)

    assert type(refusal.value) is error
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 500


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.keras", Path("/dev/null"), Path("a\0b")):
        with pytest.raises(InputRefused):
            open_model(path)


# Each bad file is written first; then everything the process does is noted, by the interpreter itself.
WATCHED = """
import json, os, resource, sys
from pathlib import Path
from converter.errors import InputRefused
from converter.keras_files import open_model
from tests.converter.keras_files.bad_files import BAD_FILES, BEFORE_KERAS
from tests.converter.keras_files.handmade import make_file

folder = Path(sys.argv[1])
names = list(BAD_FILES)
for number, name in enumerate(names):
    BAD_FILES[name][0](folder / f"{number}.keras")
for junk in set(folder.iterdir()) - {folder / f"{number}.keras" for number in range(len(names))}:
    junk.rename(junk.with_name("secret." + junk.name)) if junk.suffix != ".bin" else None
make_file(folder / "good.keras")

seen, here = [], ""
ours = (sys.prefix, sys.base_prefix, os.getcwd())
def watch(event, details):
    name = str(details[0]) if details else ""
    if event == "open" and (name == here or name.startswith(ours) or not here):
        return
    if here and (event in ("open", "os.fork", "os.mkdir", "os.posix_spawn", "os.remove", "os.system")
                 or event.startswith(("socket.", "subprocess.", "shutil."))):
        seen.append(f"{event} {name}")
sys.addaudithook(watch)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)

def state():
    import keras
    return [keras.config.dtype_policy().name, keras.config.floatx(), keras.config.image_data_format(),
            sorted(keras.saving.get_custom_objects()), os.getcwd(), sorted(os.environ)]

def refuse(name):
    global here
    path = str(folder / f"{names.index(name)}.keras")
    before, here = peak(), path
    try:
        open_model(path)
        raise SystemExit(f"{name} was accepted")
    except InputRefused:
        pass
    finally:
        here = ""
    growth[name] = peak() - before

growth = {}
for name in BEFORE_KERAS:
    refuse(name)
is_keras_loaded = any(module.partition(".")[0] in ("keras", "tensorflow") for module in sys.modules)
open_model(folder / "good.keras")
before = state()
for name in names:
    if name not in BEFORE_KERAS:
        refuse(name)
worst = max(growth, key=growth.get)
print(json.dumps({"seen": seen, "keras": is_keras_loaded, "changed": state() != before,
                  "worst": worst, "growth": growth[worst]}))
"""


def test_no_bad_file_opens_another_file_a_connection_or_a_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["seen"] == []
    assert not told["keras"], "a file refused for its configuration must not load Keras"
    assert not told["changed"]
    assert told["growth"] <= 50, told["worst"]  # megabytes
