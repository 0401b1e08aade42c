"""Under which names the server answers, and why a stranger's name is none of them."""

import pytest

from server.app import Services
from server.config import Settings
from server.routes.hosts import KnownHosts, known_hosts
from tests.http_client import CheckedClient

STRANGERS = [
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "evillocalhost",
    "127.0.0.1.evil.example",
    "playground.school.example.evil.example",
    "xn--lcalhost-n5a",
    "teacher-pc.evil.example",
]
MALFORMED = [
    "",
    " ",
    "a b",
    "localhost:",
    "localhost:port",
    "localhost, evil.example",
    "[::1",
    "::1",
    "[evil]",
    "user@localhost",
    "/",
]
ADDRESSES = ["127.0.0.1", "127.0.0.1:8000", "192.168.1.5:8000", "10.0.0.7", "[::1]:8000", "[fe80::1]", "203.0.113.9:80"]
LOOPBACK_NAMES = ["localhost", "localhost:8000", "LOCALHOST", "localhost."]


def _known(host: str = "127.0.0.1", *trusted: str) -> KnownHosts:
    return known_hosts(Settings(host=host, trusted_hosts=trusted), lambda: "Teacher-PC")


@pytest.mark.parametrize("host", [*ADDRESSES, *LOOPBACK_NAMES])
def test_addresses_in_digits_and_names_of_this_machine_are_known(host: str) -> None:
    assert _known().has(host)
    assert _known("0.0.0.0").has(host)


@pytest.mark.parametrize("host", [*STRANGERS, *MALFORMED])
@pytest.mark.parametrize("listening", ["127.0.0.1", "0.0.0.0", "::", "192.168.1.5", "teacher-pc"])
def test_a_strangers_name_is_not_known_wherever_the_server_listens(listening: str, host: str) -> None:
    assert not _known(listening, "playground.school.example").has(host)


@pytest.mark.parametrize("host", ["teacher-pc", "teacher-pc:8000", "TEACHER-PC", "teacher-pc.local:8000"])
@pytest.mark.parametrize("listening", ["0.0.0.0", "::", "192.168.1.5"])
def test_a_class_needs_no_setting_to_use_the_name_of_the_machine(listening: str, host: str) -> None:
    assert _known(listening).has(host)


@pytest.mark.parametrize("listening", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_a_server_for_this_machine_alone_has_no_name_in_the_network(listening: str) -> None:
    def never_asked() -> str:
        raise AssertionError("the machine was asked for its name")

    assert not known_hosts(Settings(host=listening), never_asked).has("teacher-pc")


def test_a_machine_without_a_name_has_none() -> None:
    assert not known_hosts(Settings(host="0.0.0.0"), lambda: "").has(".local")


def test_a_machine_whose_name_has_a_domain_is_known_by_both() -> None:
    known = known_hosts(Settings(host="0.0.0.0"), lambda: "pc7.school.example")
    assert all(known.has(name) for name in ("pc7.school.example", "pc7", "pc7.local"))
    assert not known.has("school.example")


@pytest.mark.parametrize(
    ("trusted", "host", "is_known"),
    [
        ("playground.school.example", "playground.school.example", True),
        ("playground.school.example", "Playground.School.Example.:443", True),
        ("playground.school.example", "a.playground.school.example", False),
        (".school.example", "a.school.example", True),
        (".school.example", "a.b.school.example:8000", True),
        (".school.example", "school.example", False),
        (".school.example", "notschool.example", False),
        ("my_container", "my_container:8000", True),
    ],
)
def test_a_trusted_name_is_known_and_one_with_a_dot_stands_for_all_below(
    trusted: str, host: str, is_known: bool
) -> None:
    assert _known("127.0.0.1", trusted).has(host) is is_known


ADDRESSES_OF_ALL_KINDS = [
    "/",
    "/static/js/main.js",
    "/api/runs",
    "/api/runs/{run_id}/events",
    "/healthz",
    "/nothing",
    "/api/nothing",
]


@pytest.mark.parametrize("host", ["evil.example", "localhost:", "a b", "", "e" * 5000], ids=lambda host: host[:15])
@pytest.mark.parametrize("address", ADDRESSES_OF_ALL_KINDS)
def test_under_a_strangers_name_nothing_is_answered(
    client: CheckedClient, services: Services, address: str, host: str
) -> None:
    run_id = services.runs.start_run({}).run_id
    for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS"):
        answer = client.open(address.format(run_id=run_id), method=method, headers={"Host": host})
        assert answer.status_code == 400
        assert answer.mimetype == "application/json"
        assert method == "HEAD" or answer.json["error"]["code"] == "unknown_host"
        assert len(answer.data) < 1000


def test_a_person_gets_a_page_that_says_what_to_do(client: CheckedClient) -> None:
    answer = client.get("/", headers={"Host": "<b>evil.example", "Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert "trusted_hosts" in answer.text
    assert "<b>evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "192.168.1.5", "[::1]:8000"])
def test_known_names_are_answered(client: CheckedClient, host: str) -> None:
    assert client.get("/api/spec", headers={"Host": host}).status_code == 200


def test_a_program_that_names_no_host_is_answered(client: CheckedClient) -> None:
    """As HTTP/1.0 allows; every browser sends one."""
    answer = client.get("/api/spec", environ_overrides={"HTTP_HOST": None, "SERVER_PROTOCOL": "HTTP/1.0"})
    assert answer.status_code == 200
