"""Hold back what C++ libraries write to standard error: notes about graphics cards are no news to whoever converts."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from converter.errors import ConversionError


@contextmanager
def held_back() -> Iterator[TextIO]:
    """Swallow standard error down to the file descriptor; the stream it gives still reaches the terminal.

    When the block raises anything but a ConversionError, which says all there is to say, what was swallowed is shown.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as held, os.fdopen(os.dup(2), "w", encoding="utf-8", buffering=1) as terminal:
        os.dup2(held.fileno(), 2)
        try:
            yield terminal
        except ConversionError:
            raise
        except BaseException:
            held.seek(0)
            terminal.write(held.read().decode(errors="replace"))
            raise
        finally:
            sys.stderr.flush()
            os.dup2(terminal.fileno(), 2)
