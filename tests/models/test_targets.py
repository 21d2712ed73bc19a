"""Labels from Python and from files meet in the same classes."""

import pytest

from embedkit import InputError, Labeled, TfidfClassifier, evaluate_classifier
from embedkit.models.targets import encode_labels, labels_from_text, read_targets

COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize("other", [DECOMPOSED, f"{COMPOSED}\u200b", f" {COMPOSED}\u00a0"])
def test_labels_that_look_alike_are_one_class(other):
    targets = read_targets([COMPOSED, other, "b", "b"])
    assert targets.classes.tolist() == ["b", COMPOSED]
    assert read_targets([other, COMPOSED, "b", other, "b"]).classes.tolist() == sorted([other, "b"])
    truth, unknown = encode_labels([other, "b"], targets)
    assert (truth.tolist(), unknown.tolist()) == ([[False, True], [True, False]], [False, False])
    several = read_targets([(COMPOSED, "b"), {other}, ()])
    assert (several.classes.tolist(), several.encoded.tolist()) == (
        ["b", COMPOSED],
        [[True, True], [False, True], [False, False]],
    )


def test_an_invisible_label_is_none():
    with pytest.raises(InputError, match="expected a label for each text, got none"):
        read_targets(["a", "\u200b"])


@pytest.mark.parametrize(
    ("classes", "labels", "expected"),
    [
        ([True, False], ["true", "false", "True"], [True, False, True]),
        (["True", "False"], ["true", "false"], ["True", "False"]),
        ([1.0, 0.0], ["1", "0", "1.0"], [1.0, 0.0, 1.0]),
        (["1.0", "1"], ["1.0", "1", "2"], ["1.0", "1", "2"]),
        ([("True",), ("b",)], [("true", "b"), ("c",)], [("True", "b"), ("c",)]),
    ],
)
def test_labels_of_files_are_the_classes_of_the_same_value(classes, labels, expected):
    assert labels_from_text(labels, read_targets(classes * 2)) == expected


def test_a_model_of_truth_values_is_evaluated_on_what_files_call_them():
    texts = ["so good", "bad"]
    model = TfidfClassifier().fit(texts * 9, [True, False] * 9)
    for labels in (["true", "false"], ["True", "False"]):
        assert evaluate_classifier(model, Labeled(texts, labels)).value("accuracy") == 1


@pytest.mark.parametrize(
    ("classes", "given"),
    [
        (["true", "false"], [True, False]),
        ([True, False], ["True", "false"]),
        (["1", "0"], [1, 0.0]),
        ([1, 0], ["1", "0.0"]),
        ([("1",), ("0",)], [[1], {0}]),
    ],
)
def test_labels_of_another_type_are_the_class_of_the_same_value(classes, given):
    targets = read_targets(classes * 2)
    truth, unknown = encode_labels(given, targets)
    same, _ = encode_labels(classes, targets)
    assert (truth.tolist(), unknown.any()) == (same.tolist(), False)
    assert truth.sum() == 2


def test_what_is_missing_is_no_class():
    targets = read_targets(["None", "nan"] * 2)
    with pytest.raises(InputError, match=r"expected a label for each text, got none .* for 2 of 4"):
        encode_labels([None, float("nan"), "none", "nan"], targets)
    _, unknown = encode_labels(["none", "nan"], targets)
    assert unknown.tolist() == [True, False]
