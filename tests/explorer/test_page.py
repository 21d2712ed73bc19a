"""The page as one text: its script, its policy, and data that cannot break out of it."""

import base64
import hashlib
import html
import json
import re
from collections import Counter

import numpy as np
import pytest

from embedkit import Embeddings, InputError, explore
from embedkit.explorer.page import SOURCES, page, policy, script
from embedkit.explorer.parts import PageParts

DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
MANIFEST = re.compile(r'<script type="application/json" id="manifest">(.*?)</script>', re.DOTALL)


def manifest_of(text):
    return json.loads(MANIFEST.search(text)[1])


def content_of(text, name):
    return base64.b64decode(re.search(rf'id="part-{re.escape(name)}">(.*?)</script>', text)[1])


def test_no_two_modules_have_a_name_of_the_same_spelling():
    counts = Counter(name for path in SOURCES.glob("*.js") for name in DECLARED.findall(path.read_text()))
    assert [name for name, count in counts.items() if count > 1] == []


def test_the_script_holds_every_module_once_and_imports_nothing():
    for path in SOURCES.glob("*.js"):
        for line in re.findall(
            r"^export (?:async )?(?:function|class|const) \w+.*$", path.read_text(), re.MULTILINE
        ):
            assert script().count(f"\n{line.removeprefix('export ')}\n") == 1, path
    assert not re.search(r"^(import|export) ", script(), re.MULTILINE)


def test_the_page_makes_no_html_of_data_and_fetches_nothing_from_elsewhere():
    for path in SOURCES.iterdir():
        source = path.read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", source
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", source), path


@pytest.mark.parametrize("embedded", [True, False])
def test_the_policy_allows_this_script_and_this_style_alone(embedded):
    text = page(PageParts({"title": "t"}), embedded=embedded)
    allowed = html.unescape(re.search(r'Content-Security-Policy" content="(.*?)"', text)[1])
    assert "unsafe" not in allowed
    assert f"connect-src {chr(39)}{'none' if embedded else 'self'}{chr(39)}" in allowed
    for kind, pattern in (
        ("script", r'<script type="module">(.*?)</script>'),
        ("style", r"<style>(.*?)</style>"),
    ):
        content = re.search(pattern, text, re.DOTALL)[1].encode()
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in allowed
    assert allowed == policy(connect=not embedded)


def test_words_cannot_close_the_element_that_they_stand_in():
    evil = [
        "</script><script>alert(1)</script>",
        "<!--",
        "a\u2028b",
        "\x00",
        '"&quot;',
        "<img src=x onerror=alert(1)>",
    ]
    vectors = Embeddings(np.eye(6, dtype=np.float32), evil, {"note": "</script><b>"})
    text = explore(vectors, names=("<title>&", "")).html()
    plain = explore(Embeddings(np.eye(6, dtype=np.float32), list("abcdef"))).html()
    for tag in ("<script", "</script", "<b>", "<img", "<title"):
        assert text.count(tag) == plain.count(tag)
    assert json.loads(content_of(text, "words")) == evil
    assert manifest_of(text)["metadata"] == {"note": "</script><b>"}


def test_lone_surrogates_are_kept_as_json_has_them():
    parts = PageParts({"title": "t"}, {"words": ["caf\udce9"]})
    assert json.loads(content_of(page(parts, embedded=True), "words")) == ["caf\udce9"]


def test_arrays_come_back_as_they_were():
    rows = np.arange(-6, 6, dtype=np.int8).reshape(3, 4)
    text = page(PageParts({}, {"a.rows": rows[:, ::-1]}), embedded=True)
    assert manifest_of(text)["parts"] == {"a.rows": {"type": "Int8Array", "bytes": 12}}
    assert np.frombuffer(content_of(text, "a.rows"), np.int8).tolist() == rows[:, ::-1].ravel().tolist()


def test_a_page_that_is_served_holds_no_parts():
    assert "part-words" not in page(PageParts({}, {"words": ["a"]}), embedded=False)


def test_types_that_browsers_lack_are_refused():
    with pytest.raises(InputError, match="<f8"):
        _ = PageParts({}, {"rows": np.zeros(2)}).manifest
