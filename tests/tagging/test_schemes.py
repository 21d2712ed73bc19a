"""Tagging schemes: conversion keeps spans, and what may follow what."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.tagging.schemes import BILOU, BIO, BIOES, SCHEMES, allowed, scheme_of
from embedkit.tagging.spans import spans_of

ANY = [f"{letter}-{kind}" for letter in "BIESLU" for kind in "xy"] + ["O"]
SENTENCES = st.lists(st.sampled_from(ANY), max_size=12)


@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        (BIO, "B-x I-x I-x O B-y B-y I-y"),
        (BIOES, "B-x I-x E-x O S-y B-y E-y"),
        (BILOU, "B-x I-x L-x O U-y B-y L-y"),
    ],
)
def test_the_same_spans_in_every_scheme(scheme, tags):
    for other in ("B-x I-x I-x O B-y B-y I-y", "B-x I-x E-x O S-y B-y E-y"):
        assert scheme.tags(other.split()) == tags.split()


@given(SENTENCES, st.sampled_from(list(SCHEMES.values())))
def test_conversion_keeps_spans_and_breaks_no_rule(tags, scheme):
    written = scheme.tags(tags)
    assert spans_of(written) == spans_of(tags)
    if written:
        assert scheme.may_begin(written[0])
        assert scheme.may_end(written[-1])
    assert all(scheme.may_follow(tag, last) for last, tag in pairwise(written))


@given(SENTENCES, st.sampled_from(list(SCHEMES.values())))
def test_only_what_is_well_formed_is_allowed(tags, scheme):
    tags = [tag for tag in tags if tag == "O" or tag[0] in scheme.letters]
    follows = all(scheme.may_follow(tag, last) for last, tag in pairwise(tags))
    legal = not tags or (follows and scheme.may_begin(tags[0]) and scheme.may_end(tags[-1]))
    assert legal == (scheme.tags(tags) == tags)


def test_what_may_follow_in_bio():
    tags = ["B-x", "B-y", "I-x", "I-y", "O"]
    pairs, first, last = allowed(tags, BIO)
    assert pairs.astype(int).tolist() == [
        [1, 1, 1, 0, 1],
        [1, 1, 0, 1, 1],
        [1, 1, 1, 0, 1],
        [1, 1, 0, 1, 1],
        [1, 1, 0, 0, 1],
    ]
    assert first.tolist() == [True, True, False, False, True]
    assert last.all()


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ("O B-x I-x", "BIO"),
        ("I-x O", "BIO"),
        ("B-x I-x E-x", "BIOES"),
        ("O S-x", "BIOES"),
        ("O U-x L-x", "BILOU"),
        ("NOUN VERB O", None),
        ("O", None),
        ("-LRB- NN", None),
        ("B I O", None),
    ],
)
def test_the_scheme_of_tags(tags, name):
    scheme = scheme_of(tags.split())
    assert (scheme and scheme.name) == name


@pytest.mark.parametrize("tags", ["B-x NOUN", "E-x L-x", "S-x U-x"])
def test_mixed_schemes_are_refused(tags):
    with pytest.raises(InputError, match="expected tags of one scheme"):
        scheme_of(tags.split())
