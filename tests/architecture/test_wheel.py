"""A wheel is whole: installed alone, away from the checkout, it serves the page and its browser libraries."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = {"node_modules", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.worker.json", "biome.json"}
START_TIMEOUT_S = 200  # its workers load TensorFlow first, which takes long on a busy machine

pytestmark = pytest.mark.slow


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    build_lock = str(ROOT / ".ci" / "build-constraints.txt")
    environment = {**os.environ, "PIP_CONSTRAINT": build_lock, "PIP_BUILD_CONSTRAINT": build_lock}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("neural_playground-*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what the wheel holds and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    _pip("install", "--no-deps", "--target", str(folder), str(wheel))
    return folder


def _page_files() -> set[str]:
    tops = [top for name in ("static", "templates") for top in (ROOT / name).iterdir()]
    page = [top for top in tops if top.name not in TOOLS and not top.name.startswith(".")]
    files = [file for top in page for file in (top, *top.rglob("*")) if file.is_file()]
    return {f"server/{file.relative_to(ROOT).as_posix()}" for file in files if file.suffix and ".d." not in file.name}


def test_a_wheel_holds_every_file_of_the_page(names: set[str]) -> None:
    assert {"server/templates/base.html", "server/static/js/main.js", "server/static/locales/en.json"} <= names
    assert _page_files() - names == set()


@pytest.mark.parametrize(
    "library",
    [
        "tfjs/tf.min.js",
        "tfjs/tf-core.min.js",
        "tfjs/tf-layers.min.js",
        "tfjs/tf-backend-wasm.min.js",
        "tfjs/tfjs-backend-wasm.wasm",
        "tfjs/tfjs-backend-wasm-simd.wasm",
        "tfjs/tfjs-backend-wasm-threaded-simd.wasm",
        "tfjs/LICENSE",
        "uplot/uPlot.esm.js",
        "uplot/uPlot.min.css",
        "uplot/LICENSE",
        "inter/inter-latin-wght-normal.woff2",
        "inter/inter-latin-ext-wght-normal.woff2",
        "inter/LICENSE",
    ],
)
def test_a_wheel_holds_the_browser_libraries(library: str, names: set[str]) -> None:
    assert f"server/static/vendor/{library}" in names


def test_a_wheel_holds_the_code_of_both_packages(names: set[str]) -> None:
    code = {
        file.relative_to(ROOT).as_posix()
        for name in ("server", "converter")
        for file in (ROOT / name).rglob("*.*")
        if file.suffix in (".py", ".mjs")
    }

    assert code - names == set()


def test_a_wheel_holds_no_tools_and_no_tests(names: set[str]) -> None:
    unwanted = ("node_modules", "package.json", "package-lock.json", "tsconfig", "biome.json", ".npmrc", ".test.js")

    assert [name for name in names if any(word in name for word in unwanted)] == []
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"server", "converter"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(address, timeout=5) as response:
        return response.status, response.read()


def _wait_until_served(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        try:
            _get(address)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"No answer at {address} within {START_TIMEOUT_S} s. The server said:\n{log.read_text()}")


@pytest.fixture(scope="module")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that runs from the wheel's own files, in a folder far from the checkout."""
    folder = tmp_path_factory.mktemp("served")
    port = _free_port()
    options = ["--port", str(port), "--data-dir", str(folder / "runs"), "--workers", "1"]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", *options],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(site)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_served(server, f"http://127.0.0.1:{port}/", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=10)


def test_an_installed_wheel_is_used_rather_than_the_checkout(site: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import server, converter; print(server.__file__, converter.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [str(site / "server/__init__.py"), str(site / "converter/__init__.py")]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/js/main.js",
        "/static/locales/en.json",
        "/static/vendor/tfjs/tf.min.js",
        "/static/vendor/uplot/uPlot.min.css",
    ],
)
def test_an_installed_wheel_serves_the_page_and_its_libraries(served: str, path: str) -> None:
    status, content = _get(served + path)

    assert status == 200
    assert content
