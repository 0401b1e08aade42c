"""Who may talk in a cluster: on one machine its own programs, between machines whoever has a certificate of ours.

Whoever reaches a port of Dask can run programs there, so nothing of it may be open to a network without TLS.
"""

import ipaddress
import socket
from pathlib import Path
from urllib.parse import urlsplit

from distributed.security import Security

from server.config import Settings

HOW_TO = "docs/scale.md tells how to make certificates, with openssl."


class UnusableCluster(ValueError):
    """A cluster that cannot be joined or opened like this; the sentence says why and what to do."""


def no_answer(address: str) -> str:
    """What to say when nobody answers at an address of a scheduler."""
    certificates = " Its certificates and those given here must be signed by the same authority."
    return (
        f"No scheduler answers at {address}. Start it there with 'neural-playground scheduler', and workers "
        f"with 'neural-playground worker'.{certificates if address.startswith('tls:') else ''}"
    )


def security_for(address: str, settings: Settings) -> Security:
    """How to talk to, or listen on, an address such as `tls://host:8786`, with the certificates of the settings.

    Raises UnusableCluster when it would be open to strangers, or the files cannot be used.
    """
    scheme, host = _parts(address)
    if scheme == "tls":
        return _encrypted(address, settings)
    if any((settings.tls_ca, settings.tls_cert, settings.tls_key)):
        raise UnusableCluster(
            f"{address} is not encrypted, so the certificates would not be used. Begin the address with tls://."
        )
    if not settings.insecure_cluster and not is_loopback(host):
        raise UnusableCluster(
            f"{address} is open to other machines: whoever reaches it could run programs here. Begin the address "
            f"with tls:// and name --tls-ca, --tls-cert and --tls-key ({HOW_TO[:-1]}), or say --insecure-cluster "
            "if nobody else can reach this network."
        )
    return Security(require_encryption=False)


def is_loopback(host: str) -> bool:
    """Whether a name or number of a host means this machine only."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def address_of(scheme: str, host: str, port: int) -> str:
    """`tls://192.168.1.10:8786`; an address of IPv6 gets its brackets."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _parts(address: str) -> tuple[str, str]:
    """Scheme and host; both and a port have to be there."""
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in ("tcp", "tls") or not host or port is None:
        raise UnusableCluster(
            f"No scheduler answers at {address}: an address looks like tcp://127.0.0.1:8786 on this machine "
            "or tls://HOST:8786 between machines."
        )
    return scheme, host


def _encrypted(address: str, settings: Settings) -> Security:
    if settings.tls_ca is None or settings.tls_cert is None or settings.tls_key is None:
        raise UnusableCluster(f"{address} is encrypted: name --tls-ca, --tls-cert and --tls-key, all three. {HOW_TO}")
    security = Security(
        require_encryption=True,
        tls_ca_file=str(settings.tls_ca),
        **{f"tls_{role}_cert": str(settings.tls_cert) for role in ("client", "scheduler", "worker")},
        **{f"tls_{role}_key": str(settings.tls_key) for role in ("client", "scheduler", "worker")},
    )
    try:
        # Reads the files, so that a wrong one is told now and not with the first connection.
        security.get_connection_args("worker")
    except OSError as error:
        raise UnusableCluster(f"{_unreadable(settings, error)} {HOW_TO}") from error
    return security


def _unreadable(settings: Settings, error: OSError) -> str:
    for path in (settings.tls_ca, settings.tls_cert, settings.tls_key):
        if not _is_readable(path):
            return f"The file {path} cannot be read."
    return f"{settings.tls_ca}, {settings.tls_cert} and its key {settings.tls_key} do not fit together ({error})."


def _is_readable(path: Path | None) -> bool:
    try:
        return path is not None and bool(path.read_bytes())
    except OSError:
        return False
