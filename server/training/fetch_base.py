"""Fetch the weights of a base with Keras' own means: `python -m server.training.fetch_base BASE FILE`, BASE as JSON.

A process of its own, because the web process never loads Keras. Keras takes them from its folder (KERAS_HOME) or from
the internet, and builds the network with them; only then do they take their place. Exit code 0 done, 3 out of
reach.
"""

import json
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path

OUT_OF_REACH = 3
SILENCE_S = 30.0
"""A server that says nothing for so long counts as out of reach."""


def main(raw_base: str, target: Path) -> int:
    """See above."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    from server.domain.mobilenet import alpha_of, base_file_name
    from server.domain.spec import BaseSpec

    base = BaseSpec.model_validate(json.loads(raw_base))
    socket.setdefaulttimeout(SILENCE_S)
    shape = (base.size, base.size, 3)
    try:
        keras.applications.MobileNetV2(shape, alpha=alpha_of(base), include_top=False, weights="imagenet")
    except Exception as error:  # Keras raises plain exceptions, and others by the way the network fails
        print(error, file=sys.stderr)
        return OUT_OF_REACH
    home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    shutil.copyfile(home / "models" / base_file_name(base), beside)
    os.replace(beside, target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
