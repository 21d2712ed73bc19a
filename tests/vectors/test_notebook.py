import xml.etree.ElementTree as ET

import numpy as np

from embedkit import Embeddings


def parsed(vectors):
    """The rows of the table, its caption and the facts below."""
    tree = ET.fromstring(f"<div>{vectors._repr_html_()}</div>")
    rows = [[cell.text or "" for cell in row] for row in tree.iter("tr")]
    return rows, tree.find(".//caption").text, [fact.text for fact in tree.iter("li")]


def test_small_vectors_are_shown_whole():
    rows, caption, facts = parsed(Embeddings([[1, 0.12345], [-2, 0]], ["a", "b"], {"seed": 7}))
    assert rows == [["", "0", "1"], ["a", "1.000", "0.123"], ["b", "-2.000", "0.000"]]
    assert caption == "2 words, 2 dimensions"
    assert facts == ["seed: 7"]


def test_of_large_vectors_the_beginning_is_shown():
    rows, caption, _ = parsed(Embeddings(np.ones((2000, 50)), [f"w{i}" for i in range(2000)]))
    assert caption == "2,000 words, 50 dimensions"
    assert [row[0] for row in rows] == ["", "w0", "w1", "w2", "w3", "w4", "…"]
    assert rows[0] == ["", *"01234567", "…"]
    assert {len(row) for row in rows} == {10}


def test_what_is_shown_is_escaped_and_short():
    vectors = Embeddings([[1]], ["<script>&"], {"<b>": "<i>" * 100})
    assert "<script>" not in vectors._repr_html_()
    rows, _, facts = parsed(vectors)
    assert rows[1][0] == "<script>&"
    assert facts == ["<b>: " + ("<i>" * 100)[:79] + "…"]
