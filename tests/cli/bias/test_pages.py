"""Pages and pictures of embedkit bias and embedkit debias."""

import re
from html.parser import HTMLParser

import pytest

from tests.cli.bias.biased_space import BIAS, DEBIAS, TOPIC

PNG = b"\x89PNG\r\n\x1a\n"


class Page(HTMLParser):
    """What a page loads, what is open, and what it says."""

    VOID = ("meta", "img", "link", "br", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded, self.tags, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href", "srcset", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize(("command", "pictures"), [(BIAS, 1), (DEBIAS, 3)])
def test_pages_are_well_formed_and_need_nothing_else(run, files, command, pictures):
    assert run(f"{command} --report page.html -q").exit_code == 0
    text = (files / "page.html").read_text()
    page = Page(text)
    assert page.open == []
    assert len(page.loaded) == pictures
    assert all(link.startswith("data:image/png;base64,") for link in page.loaded)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert not {"b", "i"} & set(page.tags)  # names of topics and words are shown, not obeyed
    said = "".join(page.text)
    assert "Sex <b> bias in space.safetensors" in said
    assert "<i>boss</i>" in said
    assert "Some & body (2020)" in said


def test_pages_of_several_classes(run, files):
    assert run("bias -v space.safetensors --topic three.toml --report page.html -q").exit_code == 0
    assert Page((files / "page.html").read_text()).open == []


@pytest.mark.parametrize("command", [BIAS, DEBIAS, "bias -v space.safetensors --topic three.toml"])
def test_plots_are_pictures(run, files, command):
    assert run(f"{command} --plot picture.png -q").exit_code == 0
    assert (files / "picture.png").read_bytes().startswith(PNG)


def test_a_topic_without_neutral_words_has_nothing_to_draw(run, files):
    (files / "bare.toml").write_text(re.sub("neutral = .*\n", "", TOPIC))
    result = run("bias -v space.safetensors --topic bare.toml --plot p.png -q")
    assert result.exit_code == 2
    assert "no positions to draw" in result.stderr
    assert not (files / "p.png").exists()
    assert run("bias -v space.safetensors --topic bare.toml --report r.html -q").exit_code == 0
