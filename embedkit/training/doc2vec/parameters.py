"""The hyper-parameters of document vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from embedkit.errors import InputError
from embedkit.hyperparameters import MAX_EPOCHS, check, hyperparameter, repeated, seed_field
from embedkit.training.rounds.round_size import check_rounds
from embedkit.training.word2vec.parameters import WindowParameters

MAX_NGRAM = 10  # words of a target
MAX_CONCATENATED = 50  # words on either side
BY_OBJECTIVE = {"dot": (0.05, 0.05, 0.0), "cosine": (1.0, 0.01, 0.1)}  # rates, and the share that is left


@dataclass(kw_only=True, eq=False, repr=False)
class Doc2VecParameters:
    """The fields of `Doc2Vec`, named as in gensim where that has them, checked together."""

    model: Literal["dbow", "dm"] = hyperparameter(
        "dbow", "architecture: distributed bag of words (PV-DBOW), or distributed memory (PV-DM)"
    )
    vector_size: int = repeated(WindowParameters, "vector_size")
    concatenate: bool = hyperparameter(
        False,
        "with dm, predict from the vectors of the document and of the window's words one behind the other, "
        "instead of their mean",
    )
    ngrams: int = hyperparameter(
        1, "maximum length of the word n-grams that dbow predicts", minimum=1, maximum=MAX_NGRAM
    )
    objective: Literal["dot", "cosine"] = hyperparameter(
        "dot", "score of a document and a target: dot product, or cosine (dbow only)"
    )
    cosine_scale: float = hyperparameter(6.0, "factor of the cosines in the sigmoid", above=0, maximum=50)
    train_words: bool = hyperparameter(
        False, "with dbow, also train word vectors in the same space, by skip-gram"
    )
    window: int = hyperparameter(
        5, "context window of dm and of word training, in words", minimum=1, maximum=1_000_000
    )
    min_count: int = hyperparameter(5, "ignore words and n-grams that occur less often than this", minimum=1)
    max_vocabulary: int | None = repeated(WindowParameters, "max_vocabulary")
    negative: int = repeated(WindowParameters, "negative")
    sample: float = hyperparameter(
        1e-3,
        "subsampling threshold: randomly skip targets of a higher relative frequency; 0 turns it off",
        minimum=0,
        maximum=1,
    )
    ns_exponent: float = repeated(WindowParameters, "ns_exponent")
    epochs: int = hyperparameter(
        10, "number of epochs (passes over the documents)", minimum=1, maximum=MAX_EPOCHS
    )
    learning_rate: float | None = hyperparameter(
        None,
        "initial learning rate of documents; default: 0.05, and 1 for all targets together with cosine",
        above=0,
        maximum=100,
    )
    target_learning_rate: float | None = hyperparameter(
        None,
        "initial learning rate of targets; default: that of documents, and 0.01 with cosine",
        above=0,
        maximum=100,
    )
    workers: int | None = repeated(WindowParameters, "workers")
    deterministic: bool = repeated(WindowParameters, "deterministic")
    round_workers: int | None = repeated(WindowParameters, "round_workers")
    round_groups: int | None = repeated(WindowParameters, "round_groups")
    round_words: int | None = repeated(WindowParameters, "round_words")
    wire: Literal["float32", "float16", "bfloat16"] = repeated(WindowParameters, "wire")
    seed: int = seed_field()

    def check_parameters(self) -> None:
        """Raise `InputError` for a parameter of a wrong type or range, or some that do not go together."""
        check(self)
        check_rounds(self)
        if self.concatenate and self.model != "dm":
            raise InputError('concatenate=True is for model="dm"; dbow predicts from the document alone')
        if self.concatenate and self.window > MAX_CONCATENATED:
            raise InputError(
                f"window must be at most {MAX_CONCATENATED} with concatenate=True, as output vectors have a "
                f"part for each place in it, got {self.window}"
            )
        if self.model == "dm":
            unused = {"ngrams": self.ngrams > 1, "objective": self.cosine, "train_words": self.train_words}
            if wrong := [name for name, given in unused.items() if given]:
                raise InputError(
                    f'{wrong[0]}={getattr(self, wrong[0])!r} is for model="dbow"; dm predicts words by dot '
                    "products, and always trains word vectors"
                )
        if self.cosine and self.train_words:
            raise InputError(
                'train_words needs objective="dot": skip-gram moves words by dot products, and their lengths '
                "count there"
            )

    @property
    def places(self) -> int:
        """How many vectors stand one behind the other in an output vector."""
        return 2 * self.window + 1 if self.concatenate else 1

    @property
    def cosine(self) -> bool:
        """Whether pairs are scored by cosines."""
        return self.objective == "cosine"

    @property
    def rates(self) -> tuple[float, float]:
        """The initial learning rates of documents and of targets."""
        document, target, _ = BY_OBJECTIVE[self.objective]
        own = self.learning_rate or document
        return own, self.target_learning_rate or (target if self.cosine else own)

    @property
    def final_share(self) -> float:
        """The share of the learning rates that is left at the end, reached by linear decay."""
        return BY_OBJECTIVE[self.objective][2]
