"""Who somebody is to this server."""

from enum import Enum


class Role(str, Enum):
    """What a person is; what each may do is in `server/routes/identity.py`."""

    GUEST = "guest"
    """Whoever reaches the server. Nobody signs in, so this is everybody."""
