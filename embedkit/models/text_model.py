"""`TextModel`: the base of all that learns from texts, a scikit-learn estimator on raw texts.

A fitted estimator predicts with its `predictor_`, which is all that a file keeps beside the parameters.
"""

from __future__ import annotations

from abc import abstractmethod
from copy import copy
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from embedkit.arrays import Doubles1d
from embedkit.hyperparameters import check
from embedkit.models.files.saved_estimator import SavedEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import Predictor, SequencePredictor, TextSequence
from embedkit.models.stored_parameters import TOKENIZER, json_parameters, parameters_in
from embedkit.models.targets import Targets
from embedkit.models.word_ids import WordIds
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import savable_recipe

SHOWN = 3000  # characters of a repr but blanks: enough for all parameters, not for thousands of texts


P = TypeVar("P", bound=Predictor)
S = TypeVar("S", bound=SequencePredictor)


class TextModel(SavedEstimator, Generic[P]):
    """The base of classifiers and regressors of raw texts.

    A subclass fits its `predictor_`, and says what a file keeps beside that. Texts have no columns, so there
    is no `n_features_in_`, as scikit-learn's own vectorizers of texts have none.

    Attributes:
        predictor_: what predicts, without scikit-learn and TensorFlow.
        targets_: what was learned: classes and their form, or the scale of numbers.
        tokenizer_: how texts are read.
        words_: the words that the model knows.
    """

    predictor_class: ClassVar[type[Predictor]]
    predictor_: P

    @abstractmethod
    def fit(self, X: TextSequence, y: Any) -> Self:  # noqa: N803
        """Learn from texts and what is said of each."""

    def check_parameters(self) -> None:
        """Raise an error for a parameter that `fit` cannot use, before it reads anything."""
        check(self)

    def load_libraries(self) -> None:
        """Load what `fit` would load, and use it once, so that its seconds are those of training.

        Libraries do much when they are first used, TensorFlow above all: seconds, for the first network.
        """

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The fitted model of what a file keeps; content that cannot be raises `FormatError`."""
        model = cls(**cls._parameters_in(state))
        model.predictor_ = cast(P, cls.predictor_class.from_state(state))
        model.metadata_ = {}
        if hasattr(model, TOKENIZER) and TOKENIZER not in state.parameters:
            model.set_params(tokenizer=model.tokenizer_)
        model._set_facts(state)
        return model

    @classmethod
    def _parameters_in(cls, state: ModelState) -> dict[str, Any]:
        """The parameters of the constructor that a file keeps."""
        return parameters_in(state.parameters)

    def _set_facts(self, state: ModelState) -> None:
        """Set the fitted attributes that a file keeps among its facts."""

    @property
    def kind(self) -> str:
        """What files call models of the class."""
        return self.predictor_class.kind

    @property
    def targets_(self) -> Targets:
        """What was learned: classes and their form, or the scale of numbers."""
        check_is_fitted(self)
        return self.predictor_.targets

    @property
    def tokenizer_(self) -> TextPipeline:
        """How texts are read."""
        check_is_fitted(self)
        return self.predictor_.tokenizer

    @property
    def words_(self) -> WordIds:
        """The words that the model knows."""
        check_is_fitted(self)
        return self.predictor_.words

    def unknown_shares(self, X: TextSequence) -> Doubles1d:  # noqa: N803
        """Which share of the words of each text the model does not know, (n,); 1 of a text without words."""
        check_is_fitted(self)
        return self.predictor_.unknown_shares(X)

    def __repr__(self, N_CHAR_MAX: int = SHOWN) -> str:  # noqa: N803
        """The parameters that differ from their defaults; scikit-learn would leave out some of many."""
        return str(super().__repr__(N_CHAR_MAX))

    def __sklearn_clone__(self) -> Self:
        """An unfitted copy, which shares what tokenizes: the copy of a method would have lost its name."""
        bare = copy(self)
        shared = {TOKENIZER: bare.__dict__.pop(TOKENIZER)} if TOKENIZER in bare.__dict__ else {}
        cloned: Self = BaseEstimator.__sklearn_clone__(bare)
        cloned.set_params(**shared)
        return cloned

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        return tags


class TextTransformer(TransformerMixin):  # type: ignore[misc]
    """The base of those that give features of texts, too: `transform`, and the names of its columns."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []  # texts have no dtype to be preserved
        return tags


class SequenceModel(TextModel[S]):
    """The base of models whose predictor reads the words of a text as ids of one vocabulary."""

    def state(self) -> ModelState:
        """What a file keeps of the fitted model."""
        check_is_fitted(self)
        predictor = self.predictor_
        return ModelState(
            kind=predictor.kind,
            parameters=json_parameters(self),
            targets=predictor.targets,
            tokenizer=savable_recipe(predictor.tokenizer),
            words=list(predictor.words),
            tensors=predictor.tensors(),
            facts=self._facts(),
        )

    def _facts(self) -> dict[str, Any]:
        """What a file keeps of the fit beside the predictor, ready for JSON."""
        return {}
