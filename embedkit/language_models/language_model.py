"""`LanguageModel`: a trained model of the tokens of a language, which scores and makes text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from embedkit.errors import InputError
from embedkit.hyperparameters import check_count, check_seed
from embedkit.language_models.data import character_count, in_parts, text_lines
from embedkit.language_models.file import LanguageModelContents, load_language_model, save_language_model
from embedkit.language_models.generation import Generator
from embedkit.language_models.perplexity import Perplexity, perplexity_of
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.recurrent_weights import VECTORS
from embedkit.language_models.token_units import SPECIAL, TextBeginning
from embedkit.neural.beam_search import BeamSearch
from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.sampling import Sampling
from embedkit.progress import SILENT, Progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.vectors.embeddings import Embeddings

LENGTH = 200  # tokens of a text that does not end before
TRIES = 50  # texts that are drawn for each that is asked for


class NextToken(NamedTuple):
    """A token that may come next, and its probability."""

    token: str
    probability: float


class LanguageModel:
    """A trained language model, see `NgramLanguageModel` and `RecurrentLanguageModel`.

    Args:
        contents: its tokens, what gives them probabilities, whether each line is a text by itself, how it was
            trained, and what is known of it, such as perplexities.

    Example:
        >>> from embedkit import NgramLanguageModel, Texts
        >>> texts = Texts(["the cat sat", "the cat ran", "the dog ran"] * 3)
        >>> model = NgramLanguageModel(order=3, independent_lines=True).train(texts)
        >>> [model.next("the", top=1)[0].token, model.generate(1, seed=2)[0]]
        ['cat', 'the cat sat']
    """

    def __init__(self, contents: LanguageModelContents) -> None:
        self.contents = contents
        self.units, self.predictor = contents.units, contents.predictor
        self.independent_lines = contents.independent_lines
        self.parameters, self.metadata = contents.parameters, contents.metadata

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.predictor.kind} of {len(self.units):,} {self.units.unit}>"

    def perplexity(
        self,
        sources: Sources,
        *,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
    ) -> Perplexity:
        """How well the model predicts a text.

        Args:
            sources: files, folders, archives, globs and texts in memory, as `Corpus.encode` takes them.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: how texts are found in files, as in `Corpus.encode`.
            progress: where it is reported.

        Raises:
            InputError: text that cannot be read, or none at all.
        """
        lines = text_lines(sources, self.independent_lines, encoding_errors, reading, progress)
        text = in_parts(self.units.encode(lines), self.independent_lines)
        return perplexity_of(text, character_count(lines), self.predictor.log_probabilities(text))

    def next(self, text: str, top: int = 10) -> list[NextToken]:
        r"""The likeliest tokens behind a text, at most `top`; the end of the line is "\n".

        Raises:
            InputError: a text that the model cannot read.
        """
        check_count("top", top)
        probabilities = self._generator.following(self._beginning(text))
        order = np.argsort(-probabilities, kind="stable")[:top]
        return [NextToken(self.units.tokens[number], float(probabilities[number])) for number in order]

    def generate(
        self,
        count: int = 1,
        *,
        prefix: str = "",
        sampling: Sampling | None = None,
        length: int = LENGTH,
        stop: str | None = None,
        seed: int = 1,
        excluded: Collection[str] | None = None,
    ) -> list[str]:
        """Texts drawn token by token.

        Args:
            count: how many.
            prefix: how each begins.
            sampling: how tokens are drawn; as the model says by default.
            length: the most tokens that follow the prefix.
            stop: where a text ends, which is left out; None for the end of a line, "" for nowhere.
            seed: the random seed; a text is the same however many are made.
            excluded: texts that are left out, and so is any that came before; others are drawn instead.

        Raises:
            InputError: a prefix that the model cannot read, a number out of range, or too few texts that are
                not excluded.
        """
        check_count("count", count)
        check_count("length", length)
        check_seed(seed)
        texts = self._generator.sample(self._beginning(prefix), sampling or Sampling(), length, stop, seed)
        if excluded is None:
            return list(islice(texts, count))
        left_out, found = {*excluded}, list[str]()
        for text in islice(texts, count * TRIES):
            if text not in left_out:
                found.append(text)
                left_out.add(text)
            if len(found) == count:
                return found
        raise InputError(
            f"expected {count} texts that are not excluded, got {len(found)} among {count * TRIES}; ask for "
            "fewer, or raise the temperature"
        )

    def likeliest(
        self, search: BeamSearch | None = None, *, prefix: str = "", length: int = LENGTH
    ) -> list[tuple[str, float]]:
        """The likeliest lines that begin with a prefix, by beam search, and their log probabilities.

        Raises:
            InputError: a prefix that the model cannot read, or a number out of range.
        """
        return self._generator.best(self._beginning(prefix), search or BeamSearch(), length)

    def save(self, path: str | Path) -> None:
        """Write the model to one file, which is replaced only once everything is written."""
        save_language_model(Path(path), self.contents)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The model in a file that `save` wrote, all of which is compared with its checksums.

        Raises:
            InputError: no such file.
            FormatError: the file is damaged, of another version or no language model.

        Example:
            >>> import tempfile
            >>> from pathlib import Path
            >>> from embedkit import LanguageModel, NgramLanguageModel, Texts
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = Path(folder, "model.safetensors")
            ...     NgramLanguageModel(order=2).train(Texts(["to be or not to be"] * 2)).save(path)
            ...     LanguageModel.load(path).next("to", top=1)[0].token
            'be'
        """
        return cls(load_language_model(Path(path)))

    def with_metadata(self, **facts: Any) -> Self:
        """The same model with more that is known of it."""
        return type(self)(replace(self.contents, metadata={**self.metadata, **facts}))

    @property
    def vectors(self) -> Embeddings:
        """The vectors by which a recurrent model reads its words or subwords.

        Raises:
            InputError: n-grams, which have none; or characters, for which there is no tokenizer.
        """
        network = self._network("vectors")
        if self.units.pipeline is None:
            raise InputError(f"expected a language model of words or subwords, got one of {self.units.unit}")
        matrix, tokens = network.weights[VECTORS][len(SPECIAL) :], self.units.tokens[len(SPECIAL) :]
        return Embeddings(matrix, tokens, {"tokenizer": self.units.pipeline.recipe()})

    @property
    def cells(self) -> Sequence[RecurrentCell]:
        """The recurrent layers, the first first.

        Raises:
            InputError: n-grams, which have none.
        """
        return self._network("recurrent layers").cells

    @property
    def validation(self) -> Mapping[str, Perplexity]:
        """How well it predicted what was held out of its training, and n-grams beside it; maybe nothing."""
        measured = self.metadata.get("validation", {})
        return {name: Perplexity(**one) for name, one in measured.items()}

    @property
    def _generator(self) -> Generator:
        return Generator(self.predictor, self.units)

    def _network(self, what: str) -> RecurrentProbabilities:
        if not isinstance(self.predictor, RecurrentProbabilities):
            raise InputError(
                f"expected a recurrent language model, got one of n-grams, which has no {what}; train one "
                "with `RecurrentLanguageModel`, or `embedkit train-lm --model lstm`"
            )
        return self.predictor

    def _beginning(self, text: str) -> TextBeginning:
        if not isinstance(text, str):
            raise InputError(f"expected a text, got {text!r:.80}")
        return self.units.beginning(text)
