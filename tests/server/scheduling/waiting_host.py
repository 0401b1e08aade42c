"""`neural-playground worker` whose workers do nothing but wait: run as a script, with the command's own options."""

import sys
from pathlib import Path

from server import __main__ as command_line
from server.scheduling import worker_host

if __name__ == "__main__":
    worker_host.PRELOAD = str(Path(__file__).with_name("waiting_worker.py"))
    sys.exit(command_line.main(["worker", *sys.argv[1:]]))
