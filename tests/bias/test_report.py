"""The reports of the library hold what its functions find one by one."""

import json

import numpy as np
import pytest

from embedkit.bias.audit import audit
from embedkit.bias.debiasing import debias, debiasing_method
from embedkit.bias.methods.hard import Hard
from embedkit.bias.report import bias_report, debiasing_report
from embedkit.errors import InputError
from tests.bias.spaces import PAIRS, random_space

BENCHMARK = ["english-similarity"]


def test_a_bias_report_is_an_audit_with_analogies():
    vectors = random_space(2)
    report = bias_report(vectors, PAIRS, name="mine", seed=5)
    assert report.audit.as_dict() == audit(vectors, PAIRS, seed=5).as_dict()
    assert report.examples.stereotypes.pair == ("she", "he")
    content = json.loads(json.dumps(report.as_dict()))
    assert (content["vectors"], content["topic"], content["seed"]) == ("mine", "pairs", 5)
    assert content["metrics"][0]["metric"] == "direct bias"


@pytest.mark.parametrize(("method", "name"), [("projection", "projection"), (Hard(components=2), "hard")])
def test_a_debiasing_report_has_both_audits_of_unit_vectors(method, name):
    vectors = random_space(3)
    report = debiasing_report(vectors, PAIRS, method, benchmarks=BENCHMARK)
    debiased = debias(vectors, PAIRS, method)
    np.testing.assert_array_equal(report.debiased.matrix, debiased.matrix)
    assert report.method == name
    before = vectors.normalize()
    assert report.before.as_dict() == audit(before, PAIRS).as_dict()
    assert report.after.as_dict() == audit(debiased.normalize(), PAIRS, original=before).as_dict()
    pairs = {after.title: before and before.title for before, after in report.row_pairs}
    assert pairs["direct bias: direction re-estimated"] == "direct bias"
    assert json.loads(json.dumps(report.as_dict()))["transform"]["method"] == name


def test_a_method_with_its_parameters_takes_no_others():
    assert debiasing_method(Hard(components=2)) == Hard(components=2)
    assert debiasing_method("hard", components=2) == Hard(components=2)
    with pytest.raises(InputError, match="expected no parameters beside Hard"):
        debias(random_space(1), PAIRS, Hard(), components=2)
