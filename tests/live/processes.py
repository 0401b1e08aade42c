"""The processes behind a running server, as the system lists them."""

import subprocess


def worker_pids(server_pid: int) -> list[int]:
    """The workers among the children of a server."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()[1:]]
    return [int(pid) for pid, parent, arguments in rows if int(parent) == server_pid and "spawn_main" in arguments]
