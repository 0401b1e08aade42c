"""What of a running server others can reach: one port, and no file."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.live.running_server import ROOT, RunningServer

pytestmark = pytest.mark.live

LISTENS = "0A"
"""The state of a socket in /proc/net/tcp that waits for connections."""

DASK_PAGES = (
    "/",
    "/status",
    "/info/main/workers.html",
    "/json/index.html",
    "/json/counts.json",
    "/metrics",
    "/health",
    "/sysmon",
    "/proxy/8000/127.0.0.1/",
    "/statics/css/base.css",
    "/api/v1/get_workers",
)

LOOPBACK = ("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F")


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server for a class: it listens on every address of the machine."""
    before = os.umask(0o022)
    try:
        running = RunningServer(tmp_path_factory.mktemp("doors") / "data", "--host", "0.0.0.0", workers=1)
    finally:
        os.umask(before)
    yield running
    running.stop()


def _sockets_of_group(group: int) -> set[str]:
    """The inodes of all sockets of all processes of a group."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                inodes |= {os.readlink(each) for each in (process / "fd").iterdir()}
        except OSError:
            continue  # it ended while we looked
    return {link.removeprefix("socket:[").rstrip("]") for link in inodes if link.startswith("socket:[")}


def _listening(group: int) -> set[tuple[str, int]]:
    """(address in hexadecimal, port) of every socket of a group on which it waits for connections."""
    inodes, found = _sockets_of_group(group), set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text("ascii").splitlines()[1:]:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if fields[3] == LISTENS and fields[9] in inodes:
                found.add((address, int(port, 16)))
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells which sockets are open")
def test_beyond_this_machine_nothing_but_the_web_port_listens(open_server: RunningServer) -> None:
    web_port = urlsplit(open_server.url).port
    listening = _listening(open_server.process.pid)
    assert ("00000000", web_port) in listening
    inner = {port for address, port in listening if address in LOOPBACK}
    assert inner, "the workers listen on this machine: else the measure finds nothing"
    assert {port for address, port in listening if address not in LOOPBACK} == {web_port}
    for port in inner:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), timeout=5)
        found = {path: status for path in DASK_PAGES if (status := _status(port, path)) not in (None, 404)}
        assert found == {}, "no page of Dask's own, which a page of a stranger could ask for by a name of its own"


def _status(port: int, path: str) -> int | None:
    """What a port of this machine answers to a browser; None when it does not speak HTTP."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        try:
            answer = connection.recv(1000)
        except OSError:
            return None  # it waits for its own protocol, or hung up
    return int(answer.split()[1]) if answer.startswith(b"HTTP/") else None


def test_the_page_opens_at_any_address_of_the_machine(open_server: RunningServer) -> None:
    port = urlsplit(open_server.url).port
    for host in (f"127.0.0.2:{port}", f"192.168.1.5:{port}", f"{socket.gethostname()}:{port}"):
        assert open_server.request("GET", "/api/spec", Host=host)[0] == 200
    assert open_server.request("GET", "/api/spec", Host="evil.example")[0] == 400


def test_another_page_starts_no_run(open_server: RunningServer) -> None:
    assert open_server.request("POST", "/api/runs", {}, Origin="http://evil.example")[0] == 403
    assert open_server.request("POST", "/api/runs", {}, Origin=open_server.url)[0] == 202


def test_no_file_of_a_server_is_for_anybody_else(open_server: RunningServer) -> None:
    run_id = open_server.start_run(spec={"epochs": 5}, speed=None)
    open_server.wait_for(run_id, lambda run: run["status"] == "finished")
    assert open_server.request("GET", f"/api/runs/{run_id}/exports/tfjs.zip")[0] == 200
    paths = [open_server.data_dir, *open_server.data_dir.rglob("*")]
    assert any(path.is_file() for path in paths)
    assert [path for path in paths if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_a_data_folder_that_everybody_may_write_to_is_told_in_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    command = [sys.executable, "-m", "server", "serve", "--port", "0", "--data-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Everybody on this machine may write" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(folder.iterdir()) == []
