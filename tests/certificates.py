"""Certificates of a cluster, made by the very commands that docs/scale.md tells."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from server.config import Settings

ROOT = Path(__file__).parents[1]
HOSTS = ("web", "host-a")


def make_certificates(folder: Path) -> None:
    """An authority and a certificate for each of HOSTS in a folder. Skips the test where openssl is not installed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed; certificates cannot be made")
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    commands = re.findall(r"^openssl [^\n]*(?:(?<=\\)\n[^\n]*)*", page, re.MULTILINE)
    assert len(commands) == 3, "docs/scale.md tells how to make an authority, a request, and a certificate"
    authority, *for_each_host = commands
    script = "\n".join([authority, *(each.replace("host-a", host) for host in HOSTS for each in for_each_host)])
    subprocess.run(["sh", "-ec", script], cwd=folder, check=True, capture_output=True)


def files_of(folder: Path, host: str) -> dict[str, Path]:
    """The settings of a host that name its files."""
    return {"tls_ca": folder / "ca.pem", "tls_cert": folder / f"{host}.pem", "tls_key": folder / f"{host}-key.pem"}


def settings_of(folder: Path, host: str) -> Settings:
    """Settings of a host with its certificate."""
    return Settings(**files_of(folder, host))  # type: ignore[arg-type]


def options_of(folder: Path, host: str) -> list[str]:
    """The same for the command line."""
    return [f"--{name.replace('_', '-')}={path}" for name, path in files_of(folder, host).items()]
