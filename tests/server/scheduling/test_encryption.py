"""Who may talk in a cluster: nobody from outside without a certificate."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.config import Settings
from server.scheduling.cluster import join_cluster
from server.scheduling.encryption import UnusableCluster, address_of, security_for
from tests.certificates import files_of, make_certificates, options_of, settings_of
from tests.cluster_processes import SchedulerProcess


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with certificates of `web` and `host-a`, and a subfolder `stranger` with others of the same names."""
    made = tmp_path_factory.mktemp("certificates")
    (made / "stranger").mkdir()
    make_certificates(made)
    make_certificates(made / "stranger")
    return made


@pytest.fixture(scope="module")
def scheduler(folder: Path) -> Iterator[SchedulerProcess]:
    started = SchedulerProcess(*options_of(folder, "host-a"))
    yield started
    started.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.3", "[::1]", "localhost"])
def test_on_this_machine_nothing_is_asked_for(host: str) -> None:
    assert not security_for(f"tcp://{host}:8786", Settings()).require_encryption


@pytest.mark.parametrize("host", ["10.0.0.1", "0.0.0.0", "[::]", "[fe80::1]", "a-host-that-nobody-knows.invalid"])
def test_other_machines_need_tls_unless_told_otherwise(host: str) -> None:
    with pytest.raises(UnusableCluster, match=r"--tls-ca.*docs/scale\.md.*--insecure-cluster"):
        security_for(f"tcp://{host}:8786", Settings())

    assert not security_for(f"tcp://{host}:8786", Settings(insecure_cluster=True)).require_encryption


@pytest.mark.parametrize(
    "address", ["nonsense", "nonsense://host:1", "tcp://host", "tls://:8786", "tcp://host:port", "127.0.0.1:8786", ""]
)
def test_what_is_no_address_is_told_with_examples(address: str) -> None:
    with pytest.raises(UnusableCluster, match=r"looks like tcp://127\.0\.0\.1:8786 .* or tls://HOST:8786"):
        security_for(address, Settings(insecure_cluster=True))


@pytest.mark.parametrize("missing", ["tls_ca", "tls_cert", "tls_key"])
def test_tls_needs_all_three_files(missing: str) -> None:
    files = files_of(Path("somewhere"), "web") | {missing: None}
    with pytest.raises(UnusableCluster, match="--tls-ca, --tls-cert and --tls-key, all three"):
        security_for("tls://127.0.0.1:8786", Settings(**files))  # type: ignore[arg-type]


def test_certificates_are_never_ignored() -> None:
    with pytest.raises(UnusableCluster, match="not encrypted"):
        security_for("tcp://127.0.0.1:8786", Settings(tls_ca=Path("ca.pem")))


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    settings = Settings(**files_of(folder, "web") | {"tls_key": folder / "lost.pem"})  # type: ignore[arg-type]
    with pytest.raises(UnusableCluster, match=r"lost\.pem cannot be read"):
        security_for("tls://10.0.0.1:8786", settings)


def test_a_key_of_another_host_is_told(folder: Path) -> None:
    settings = Settings(**files_of(folder, "web") | {"tls_key": folder / "host-a-key.pem"})  # type: ignore[arg-type]
    with pytest.raises(UnusableCluster, match="do not fit together"):
        security_for("tls://10.0.0.1:8786", settings)


def test_an_address_of_the_newer_internet_gets_brackets() -> None:
    assert address_of("tls", "fe80::1", 8786) == "tls://[fe80::1]:8786"
    assert address_of("tcp", "127.0.0.1", 0) == "tcp://127.0.0.1:0"


def test_who_has_a_certificate_of_the_same_authority_joins(folder: Path, scheduler: SchedulerProcess) -> None:
    joined = join_cluster(scheduler.address, settings_of(folder, "web"))
    try:
        assert joined.client.scheduler_info()["address"] == scheduler.address
        assert scheduler.address.startswith("tls://")
    finally:
        joined.close()


def test_who_has_a_certificate_of_another_authority_does_not(folder: Path, scheduler: SchedulerProcess) -> None:
    stranger = settings_of(folder / "stranger", "web")
    with pytest.raises(UnusableCluster, match="must be signed by the same authority"):
        join_cluster(scheduler.address, stranger, timeout_s=2)


def test_who_speaks_no_tls_is_not_answered(scheduler: SchedulerProcess) -> None:
    host, _, port = scheduler.address.removeprefix("tls://").rpartition(":")
    with pytest.raises(UnusableCluster):
        join_cluster(f"tcp://{host}:{port}", Settings(), timeout_s=2)
    with socket.create_connection((host, int(port)), timeout=5) as stranger:
        stranger.sendall(b"\x00" * 64)
        assert b"dask" not in _all_of(stranger).lower()


def _all_of(connection: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    received = b""
    while True:
        try:
            part = connection.recv(4096)
        except ConnectionError:
            return received
        if not part:
            return received
        received += part
