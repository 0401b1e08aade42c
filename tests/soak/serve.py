"""The real web process with measuring workers: `python -m tests.soak.serve PRELOAD serve ...`.

PRELOAD is the module that Dask loads into each worker in place of `server.preload`.
"""

import sys

from server.__main__ import main
from server.scheduling import cluster

if __name__ == "__main__":
    cluster.PRELOAD = sys.argv[1]
    sys.exit(main(sys.argv[2:]))
