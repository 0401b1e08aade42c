"""A client that vanishes without a word: its address is gone while its stream is open, as when a cable is pulled.

Runs in a network of its own: `unshare --net --map-root-user python -m tests.sse.vanishing DATA_DIR`. Prints `free` when
the server has given the place to somebody else.
"""

import socket
import subprocess
import sys
from pathlib import Path

from server.app import assemble_services
from server.config import Settings
from server.services.store import open_store
from tests.fakes import FakeCluster
from tests.sse.served_app import ServedApp
from tests.waiting import wait_until

AWAY = "10.9.9.9"


def _network(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def main(data_dir: Path) -> None:
    """Open the only stream from an address, take the address away, and wait until another stream is let in."""
    _network("link", "set", "lo", "up")
    _network("address", "add", f"{AWAY}/32", "dev", "lo")
    settings = Settings(data_dir=data_dir, most_streams=1, heartbeat_s=0.3, stalled_s=1)
    store = open_store(settings)
    services = assemble_services(settings, store, FakeCluster(), lambda events: None)
    served = ServedApp(settings, services)
    path = f"/api/runs/{services.runs.start_run({}).run_id}/events"
    client = socket.create_connection(("127.0.0.1", served.port), source_address=(AWAY, 0))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert client.recv(12) == b"HTTP/1.1 200"
    assert served.get(path)[0] == 503
    _network("address", "del", f"{AWAY}/32", "dev", "lo")
    _network("route", "add", "blackhole", AWAY)
    wait_until(lambda: served.get(path)[0] == 200)
    print("free")
    store.subscriptions.close()
    served.stop()
    client.close()
    store.database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
