"""Files are written whole or not at all."""

import os
import secrets
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Write beside, then rename: a crash leaves the old file or the new one. Raises OSError."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
