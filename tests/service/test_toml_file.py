from pathlib import Path

import pytest

from embedkit import EmbedkitError, FormatError, InputError
from embedkit.bias.topics.topic import TOPICS
from embedkit.service.questions import BiasQuestion
from embedkit.service.resources import Resources, check_files
from embedkit.service.server import run_service
from embedkit.service.settings import LOOPBACK
from embedkit.service.toml_file import read_settings

WHOLE = """
[server]
host = "0.0.0.0"
port = 9000
workers = 3
keys = "secret/keys.txt"
cors_origins = ["https://example.org"]

[limits]
max_body = 1_000
timeout = 2
max_rate = 5.5

[vectors]
wiki = "wiki.vec"
bundled = "english"

[models]
reviews = "models/reviews.safetensors"
"""


@pytest.fixture
def settings_file(tmp_path):
    def write(content):
        path = tmp_path / "service.toml"
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_a_file_says_everything(settings_file, tmp_path):
    settings = read_settings(settings_file(WHOLE))
    listening, limits = settings.listening, settings.limits
    assert (listening.host, listening.port, listening.workers, listening.auth) == ("0.0.0.0", 9000, 3, True)
    assert (limits.max_body, limits.timeout, limits.max_rate, limits.max_items) == (1000, 2, 5.5, 1000)
    assert settings.keys == tmp_path / "secret/keys.txt"
    assert settings.cors_origins == ("https://example.org",)
    assert settings.vectors == {"wiki": tmp_path / "wiki.vec", "bundled": "english"}
    assert settings.models == {"reviews": tmp_path / "models/reviews.safetensors"}


def test_what_is_given_beside_it_wins(settings_file):
    settings = read_settings(
        settings_file(WHOLE), port=1, max_body=2, keys=Path("k"), vectors={"wiki": "other.vec", "b": "b.vec"}
    )
    assert (settings.listening.port, settings.limits.max_body, settings.keys) == (1, 2, Path("k"))
    assert settings.listening.workers == 3
    assert list(settings.vectors) == ["wiki", "bundled", "b"]
    assert settings.vectors["wiki"] == "other.vec"


def test_without_a_file_what_ships_is_served_on_this_machine_alone():
    settings = read_settings()
    assert (settings.vectors, list(settings.models)) == ({"english": "english"}, ["sentiment", "emojify"])
    assert settings.listening.host == LOOPBACK
    settings.check_access()


def test_vectors_alone_are_served_alone():
    settings = read_settings(vectors={"a": "a.vec"})
    assert (settings.vectors, settings.models) == ({"a": "a.vec"}, {})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[server", "is no TOML"),
        ('x = "\\ud800"', "is no TOML"),
        ("[sever]", "unknown table 'sever'; did you mean server"),
        ("server = 3", "expected a table [server], got server = 3"),
        ("[server]\nprot = 3", "unknown key of [server] 'prot'; did you mean port"),
        ("[limits]\nspeed = 3", "unknown key of [limits] 'speed'; expected one of max_body, max_characters"),
        ("[server]\nport = 70000", "port must be at most 65535, got 70000"),
        ("[server]\nport = '80'", "port must be a whole number, got '80'"),
        ("[server]\nhost = 3", "host must be"),
        ("[server]\nauth = 'no'", "auth must be True or False"),
        ("[server]\nkeys = 3", "keys must be the path of a file, got 3"),
        ("[server]\ncors_origins = 'https://a'", "cors_origins must be a list"),
        ("[limits]\ntimeout = 0", "timeout must be more than 0, got 0"),
        ("[limits]\ntimeout = nan", "timeout must be a finite number"),
        ("[limits]\nmax_rate = -1", "max_rate must be more than 0"),
        ("[vectors]\nwiki = 3", "vectors.wiki must be the path of a file, got 3"),
        ("[vectors]\nwiki = ''", "vectors.wiki must be the path of a file, got ''"),
        ("[vectors]\n'a b' = 'x'", "letters, digits, '.', '_' and '-'; got 'a b'"),
    ],
)
def test_a_file_that_is_wrong(settings_file, content, told):
    path = settings_file(content)
    with pytest.raises(EmbedkitError) as refused:
        read_settings(path)
    assert told in str(refused.value)
    assert str(path) in str(refused.value)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(
        InputError, match=r"cannot read .*none.toml: No such file or directory; expected a TOML"
    ):
        read_settings(tmp_path / "none.toml")


def test_no_text_at_all(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(FormatError, match="is no TOML"):
        read_settings(path)


@pytest.mark.parametrize("table", ["vectors", "models"])
@pytest.mark.parametrize("content", [None, b"", b"\x10\x00\x00\x00\x00\x00\x00\x00damaged"])
def test_a_file_that_cannot_be_served_is_named(tmp_path, table, content):
    path = tmp_path / "wiki.safetensors"
    if content is not None:
        path.write_bytes(content)
    settings = read_settings(**{table: {"wiki": path}})
    for open_files in (Resources.open, lambda settings: check_files(settings, tmp_path)):
        with pytest.raises(InputError) as refused:
            open_files(settings)
        assert str(refused.value).startswith(f"{table}.wiki: ")
        assert "wiki.safetensors" in str(refused.value)


def test_vectors_are_no_model_and_a_model_no_vectors(tmp_path, vectors):
    path = tmp_path / "small.safetensors"
    vectors.save(path)
    with pytest.raises(InputError, match=r"models\.small: "):
        Resources.open(read_settings(models={"small": path}))
    with pytest.raises(InputError, match=r"vectors\.sentiment: "):
        Resources.open(read_settings(vectors={"sentiment": "sentiment"}))


def test_vectors_that_cannot_be_mapped_are_written_anew(tmp_path, vectors):
    vectors.save(tmp_path / "text.vec")
    vectors.save(tmp_path / "native.safetensors")
    shared = tmp_path / "shared"
    shared.mkdir()
    files = {"text": tmp_path / "text.vec", "native": tmp_path / "native.safetensors"}
    mapped = check_files(read_settings(vectors=files), shared)
    assert mapped == {"text": shared / "text.safetensors", "native": files["native"]}
    assert Resources.open(read_settings(vectors=mapped)).vectors["text"].embeddings["king"].tolist() == [
        1,
        0,
        1,
    ]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_other_machines_are_answered_only_with_keys_or_on_purpose(host):
    with pytest.raises(InputError, match="can be reached from other machines: give a file of keys"):
        run_service(read_settings(host=host))
    read_settings(host=host, auth=False).check_access()
    read_settings(host=host, keys="keys.txt").check_access()


def test_topics_are_those_that_ship():
    assert BiasQuestion.model_json_schema()["properties"]["topic"]["enum"] == list(TOPICS)
