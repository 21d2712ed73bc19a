import pytest

from embedkit import InputError
from embedkit.service.access import Access
from embedkit.service.keys import ServiceKeys
from embedkit.service.rates import BURST, ClientRates
from embedkit.service.settings import is_loopback

KEY, OTHER = "k" * 32, "o" * 32


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "keys.txt"
    path.write_text(f"# for the page\n{KEY}\n\n  {OTHER}  \n")
    return path


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {KEY}", 200),
        (f"bearer {OTHER}", 200),
        (None, 401),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        (KEY, 401),
        (f"Basic {KEY}", 401),
        (f"Bearer {KEY}x", 401),
        (f"Bearer {KEY[:-1]}", 401),
        ("Bearer # for the page", 401),
    ],
)
def test_only_a_key_of_the_file_is_let_in(served, key_file, authorization, status):
    headers = {} if authorization is None else {"authorization": authorization}
    answer = served(keys=key_file).ask("GET", "/served", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == 'Bearer realm="embedkit"'
        assert "Authorization: Bearer KEY" in answer.json()["detail"]
        assert KEY not in answer.text


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_what_tells_nothing_of_the_service_needs_no_key(served, key_file, path):
    assert served(keys=key_file).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/metrics", "/neighbors", "/nothing"])
def test_everything_else_needs_one(served, key_file, path):
    assert served(keys=key_file).get(path).status_code == 401


def test_no_key_is_in_what_keys_show():
    keys = ServiceKeys([KEY])
    assert repr(keys) == "<1 keys>"
    assert KEY not in str(vars(keys))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no key; write one a line, such as: openssl rand -hex 32"),
        (b"# only this\n\n", "holds no key"),
        (b"\xff\xfe\x00k", "is no text in UTF-8"),
        (b"short\n", "line 1: a key of 5 characters can be guessed; use at least 16"),
        (b"k" * 16 + b"\n# a note\nshorter\n", "line 3: a key of 7 characters"),
    ],
)
def test_a_file_of_keys_that_cannot_be_used(tmp_path, content, told):
    path = tmp_path / "keys.txt"
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        ServiceKeys.read(path)
    assert told in str(refused.value)
    assert "keys.txt" in str(refused.value)


def test_a_file_of_keys_that_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the keys in .*none.txt: No such file"):
        ServiceKeys.read(tmp_path / "none.txt")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("[::2]", 403),
        ("", 403),
    ],
)
def test_without_keys_this_machine_is_asked_by_its_own_name_alone(service, host, status):
    assert service.ask("GET", "/served", headers={"host": host}).status_code == status


def test_with_keys_any_name_will_do(served, key_file):
    headers = {"host": "words.example", "authorization": f"Bearer {KEY}"}
    assert served(keys=key_file).ask("GET", "/served", headers=headers).status_code == 200


def test_loopback_is_more_than_one_address():
    assert [is_loopback(host) for host in ("127.8.8.8", "::1", "localhost", "192.168.0.1", "::", "a b")] == [
        *[True] * 3,
        *[False] * 3,
    ]


def test_no_page_of_another_site_is_let_in_unless_named(served):
    headers = {
        "origin": "https://example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    closed = served().ask("OPTIONS", "/neighbors", headers=headers)
    assert closed.status_code == 405
    assert "access-control-allow-origin" not in closed.headers
    opened = served(cors=("https://example.org",)).ask("OPTIONS", "/neighbors", headers=headers)
    assert opened.status_code == 200
    assert opened.headers["access-control-allow-origin"] == "https://example.org"
    headers["origin"] = "https://other.example"
    other = served(cors=("https://example.org",)).ask("OPTIONS", "/neighbors", headers=headers)
    assert "access-control-allow-origin" not in other.headers


def test_too_many_requests_are_told_when_to_come_back(served):
    service = served(max_rate=0.5)
    answers = [service.get("/served") for _ in range(int(BURST * 0.5) + 1)]
    assert [answer.status_code for answer in answers] == [*[200] * int(BURST * 0.5), 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2
    assert service.get("/health").status_code == 200


def test_each_client_has_its_own_rate():
    rates = ClientRates(0.1)
    assert [rates.seconds_to_wait(client) > 0 for client in (b"a", b"b", b"a", b"b")] == [
        False,
        False,
        True,
        True,
    ]


def test_workers_share_what_a_client_has_asked(tmp_path):
    first, second = (ClientRates(0.1, tmp_path / "rates") for _ in range(2))
    assert first.seconds_to_wait(b"a") == 0
    assert 9 < second.seconds_to_wait(b"a") <= 10


def test_what_is_no_request_passes():
    """The events of an application's life have no path."""
    seen = []

    async def application(scope, receive, send):
        seen.append(scope["type"])

    layer = Access(application, keys=ServiceKeys([KEY]), local=True, rates=None)
    coroutine = layer({"type": "lifespan"}, None, None)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    assert seen == ["lifespan"]
