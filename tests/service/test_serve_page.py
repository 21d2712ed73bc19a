"""docs/serve.md shows what the service does."""

import doctest
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from embedkit.service.application import create_application
from embedkit.service.resources import Resources
from embedkit.service.toml_file import read_settings
from tests.service.conftest import ServedApplication
from tests.service.test_server import LOOPBACK, running

PAGE = (Path(__file__).parents[2] / "docs/serve.md").read_text(encoding="utf-8")
CALL = re.compile(r"^\$ curl -s -H 'Content-Type: application/json' -d '(.+)' (\S+)\n(.+)$", re.MULTILINE)
CALLS = [(question, urlsplit(address).path, answer) for question, address, answer in CALL.findall(PAGE)]


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture(scope="module")
def resources():
    return Resources.open(read_settings())


def test_every_call_is_found():
    assert len(CALLS) == PAGE.count("$ curl") == 7


@pytest.mark.parametrize(("question", "path", "answer"), CALLS, ids=[path for _, path, _ in CALLS])
def test_a_call_gives_what_is_shown(resources, question, path, answer):
    service = ServedApplication(create_application(read_settings(), resources))
    assert service.post(path, **json.loads(question)).json() == json.loads(answer)


def test_the_session_gives_what_is_shown(resources):
    with running(resources) as port:
        session = block("python").replace(f"{LOOPBACK}:8000", f"{LOOPBACK}:{port}")
        failures = []
        example = doctest.DocTestParser().get_doctest(session, {}, "serve", "serve.md", 0)
        doctest.DocTestRunner().run(example, out=failures.append)
    assert not failures, "".join(failures)


def test_the_settings_are_read(tmp_path):
    (tmp_path / "service.toml").write_text(block("toml"), encoding="utf-8")
    settings = read_settings(tmp_path / "service.toml")
    assert settings.vectors == {"wiki": tmp_path / "wiki.safetensors", "english": "english"}
    assert settings.limits.max_rate == 50
    assert settings.limits.max_body == 4_000_000
