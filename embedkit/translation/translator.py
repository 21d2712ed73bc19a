"""`Translator`: a trained network with its tokens, which turns texts into others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.neural.beam_search import Hypothesis
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.threads import shared_threads
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.text.sequences.buckets import length_buckets
from embedkit.translation.batches import NumberedPairs
from embedkit.translation.file import TranslatorContents, load_translator, save_translator
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.search import TranslationSearch
from embedkit.translation.teacher_forcing import TeacherForcing
from embedkit.translation.token_sets import UNKNOWN, TokenSet

STATES = 256  # hypotheses that are followed together
SHORT = 32  # tokens of a text, beyond which fewer are searched for together


class Translation(NamedTuple):
    """A target that was found for a text, the natural logarithm of its probability, and what it is ranked by.

    Example:
        >>> from embedkit.translation.translator import Translation
        >>> Translation("oui", -0.5, -0.25).text
        'oui'
    """

    text: str
    log_probability: float
    score: float


class Attended(NamedTuple):
    """Where the decoder looked.

    Args:
        source: its tokens, the end as an empty one, S of them.
        target: the same, T.
        weights: of each source token for each target token, float32 (T, S); rows sum to 1.
    """

    source: Sequence[str]
    target: Sequence[str]
    weights: Floats2d


class Translator:
    """A trained model of pairs of sequences, see `Seq2Seq`.

    Args:
        source: the tokens that it reads.
        target: those that it writes.
        network: made for them.
        parameters: how it was trained, ready for JSON.
        history: of its training, an entry an epoch, ready for JSON.
        metadata: what else is known of it, ready for JSON.

    Example:
        >>> from embedkit import Seq2Seq, TranslationSearch
        >>> model = Seq2Seq(tokens="words", units=8, vector_size=8, epochs=40, batch_size=4,
        ...     learning_rate=0.02, validation_fraction=0, dropout=0)
        >>> translator = model.train(["yes", "no"] * 8, ["oui", "non"] * 8)
        >>> [answers[0].text for answers in translator.translate(["no", "yes"], TranslationSearch(beam=1))]
        ['non', 'oui']
    """

    def __init__(
        self,
        source: TokenSet,
        target: TokenSet,
        network: Seq2SeqNetwork,
        parameters: Mapping[str, Any],
        history: Sequence[Mapping[str, Any]],
        metadata: Mapping[str, Any],
    ) -> None:
        self.source, self.target, self.network = source, target, network
        self.parameters, self.history, self.metadata = parameters, history, metadata

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.source!r} to {self.target!r}>"

    def translate(
        self, texts: Iterable[str], search: TranslationSearch | None = None
    ) -> list[list[Translation]]:
        """The best answers for each text, the best first; of an empty text one that is empty.

        An unknown token in an answer becomes the token of the source that attention weighs most (Luong et
        al. 2015b, "Addressing the rare word problem", by attention).

        Raises:
            InputError: something that is no text.
        """
        search = search or TranslationSearch()
        given = [_checked(text) for text in texts]
        sources = self.source.encode(given)
        answers = [[Translation("", 0.0, 0.0)] for _ in given]
        wanted = np.array([number for number, own in enumerate(sources) if own], np.int64)
        batches = [wanted[batch] for batch in self._batches([sources[n] for n in wanted], search)]

        def found(batch: Longs1d) -> list[list[Hypothesis]]:
            pairs = NumberedPairs.of([sources[number] for number in batch], [[] for _ in batch])
            arrays = pairs.batch(np.arange(len(batch)))
            memory = self.network.encode(arrays.sources, arrays.source_lengths)
            return search.search(self.network, memory)

        with one_blas_thread():
            for batch, several in zip(batches, shared_threads().map(found, batches), strict=True):
                for number, own in zip(batch, several, strict=True):
                    answers[number] = [self._answer(given[number], sources[number], one) for one in own]
        return answers

    def _batches(self, sources: list[list[int]], search: TranslationSearch) -> Iterator[Longs1d]:
        """The numbers of texts that are searched together: few of long ones, as all are filled up."""
        lengths = np.array(list(map(len, sources)), np.int64)
        most = max(1, STATES // max(search.beam, search.n_best))
        for batch in length_buckets(lengths, most):
            size = max(1, min(most, most * SHORT // max(1, int(lengths[batch].max()))))
            yield from np.array_split(batch, -(-len(batch) // size))

    def _answer(self, text: str, source: list[int], found: Hypothesis) -> Translation:
        unknown = {}
        if UNKNOWN in found.tokens:
            weights = self._attention(source, list(found.tokens))[: len(found.tokens), : len(source)]
            surfaces = self.source.surfaces(text)
            unknown = {
                place: surfaces[int(weights[place].argmax())]
                for place, number in enumerate(found.tokens)
                if number == UNKNOWN
            }
        return Translation(self.target.decode(found.tokens, unknown), found.log_probability, found.score)

    def log_probabilities(self, texts: Iterable[str], targets: Iterable[str]) -> Doubles1d:
        """The natural logarithm of the probability of each target given its text, the end included, (n,).

        Raises:
            InputError: something that is no text, or more of one than of the other.
        """
        given, wanted = [_checked(text) for text in texts], [_checked(text) for text in targets]
        if len(given) != len(wanted):
            raise InputError(f"expected a target for each of {len(given)} texts, got {len(wanted)}")
        pairs = NumberedPairs.of(self.source.encode(given), self.target.encode(wanted))
        found, batches = np.zeros(len(pairs)), list(length_buckets(pairs.targets.lengths, STATES))

        def passed(batch: Longs1d) -> Doubles1d:
            return TeacherForcing(self.network, pairs.batch(batch)).log_probabilities()

        with one_blas_thread():
            for batch, own in zip(batches, shared_threads().map(passed, batches), strict=True):
                found[batch] = own
        return found

    def attention(self, text: str, target: str) -> Attended:
        """Where the decoder looks in a text when it says the target.

        Raises:
            InputError: something that is no text.
        """
        [source], [said] = self.source.encode([_checked(text)]), self.target.encode([_checked(target)])
        read, written = self.source.split([text])[0], self.target.split([target])[0]
        return Attended([*read, ""], [*written, ""], self._attention(source, said))

    def _attention(self, source: list[int], target: list[int]) -> Floats2d:
        pairs = NumberedPairs.of([source], [target])
        weights: Floats2d = TeacherForcing(self.network, pairs.batch([0])).attention[0]
        return weights

    def save(self, path: str | Path) -> None:
        """Write the model to one file, which is replaced only once everything is written."""
        parts = self.source, self.target, self.network, self.parameters, self.history, self.metadata
        save_translator(Path(path), TranslatorContents(*parts))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The model in a file that `save` wrote, all of which is compared with its checksums.

        Raises:
            InputError: no such file.
            FormatError: the file is damaged, of another version or no such model.
        """
        return cls(*load_translator(Path(path)))


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise InputError(f"expected a text, got {text!r:.80}")
    return replace_surrogates(text)
