"""The papers behind metrics and methods."""

from __future__ import annotations

from collections.abc import Iterable

from embedkit.bias.topics.topic import Topic

BOLUKBASI = (
    "Bolukbasi, Chang, Zou, Saligrama and Kalai (2016), Man is to computer programmer as woman is to "
    "homemaker? Debiasing word embeddings, NIPS 29"
)
CALISKAN = (
    "Caliskan, Bryson and Narayanan (2017), Semantics derived automatically from language corpora contain "
    "human-like biases, Science 356"
)
DEV = "Dev and Phillips (2019), Attenuating bias in word vectors, AISTATS"
GONEN = (
    "Gonen and Goldberg (2019), Lipstick on a pig: debiasing methods cover up systematic gender biases in "
    "word embeddings but do not remove them, NAACL"
)
MANZINI = (
    "Manzini, Lim, Tsvetkov and Black (2019), Black is to criminal as Caucasian is to police: detecting and "
    "removing multiclass bias in word embeddings, NAACL"
)
METRICS = {
    "direct bias": BOLUKBASI,
    "indirect bias": BOLUKBASI,
    "RIPA": (
        "Ethayarajh, Duvenaud and Hirst (2019), Understanding undesirable word embedding associations, ACL"
    ),
    "RND": (
        "Garg, Schiebinger, Jurafsky and Zou (2018), Word embeddings quantify 100 years of gender and ethnic "
        "stereotypes, PNAS 115"
    ),
    "ECT": DEV,
    "MAC": MANZINI,
    "RNSB": (
        "Sweeney and Najafian (2019), A transparent framework for evaluating unintended demographic bias in "
        "word embeddings, ACL"
    ),
    "WEAT": CALISKAN,
    "clustering accuracy": GONEN,
    "neighbor bias": GONEN,
    "recovery accuracy": GONEN,
}
METHODS = {
    "hard": BOLUKBASI,
    "soft": BOLUKBASI,
    "double-hard": (
        "Wang, Lin, Rajani, McCann, Ordonez and Xiong (2020), Double-hard debias: tailoring word embeddings "
        "for gender bias mitigation, ACL"
    ),
    "projection": DEV,
    "inlp": (
        "Ravfogel, Elazar, Gonen, Twiton and Goldberg (2020), Null it out: guarding protected attributes by "
        "iterative nullspace projection, ACL"
    ),
    "half-sibling": (
        "Yang and Feng (2020), A causal inference method for reducing gender bias in word embedding "
        "relations, AAAI"
    ),
    "multiclass": MANZINI,
}


def sources_of(metrics: Iterable[str], topic: Topic, method: str | None) -> list[str]:
    """The papers of measures, of the words of a topic and of a method, each once."""
    cited = [*topic.citations, *(METRICS[name] for name in metrics)]
    return list(dict.fromkeys(([METHODS[method]] if method else []) + cited))
