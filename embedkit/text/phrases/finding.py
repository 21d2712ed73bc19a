"""`find_phrases`: the words of a text that stand together more often than by chance."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Any

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.parallel.cores import available_cores
from embedkit.parallel.threads import threads
from embedkit.progress import SILENT, Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.opening import Documents, RawText, opened
from embedkit.text.phrases.counting import count_pairs, middle_numbers
from embedkit.text.phrases.joined_text import JoinedText
from embedkit.text.phrases.phrase import Phrase
from embedkit.text.phrases.phrases import Phrases
from embedkit.text.phrases.scoring import PairCounts, scores
from embedkit.text.phrases.settings import PhraseSearch, PhraseSettings
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.pipeline.recipes import newest_recipe
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.text.vocabulary import Vocabulary

COMPILING = "compiling the kernels that count phrases, once; this takes a few seconds"


def find_phrases(
    source: Corpus | Sources | Documents,
    *,
    tokenizer: TextPipeline | str | None = None,
    encoding_errors: str = "strict",
    reading: Reading | None = None,
    progress: Progress = SILENT,
    **settings: Any,
) -> Phrases:
    """Find the phrases of a corpus: pairs of words whose score exceeds the threshold.

    The second pass reads the text with the phrases of the first joined, and so on; thus "new york" and "city"
    become "new york city". Words and pairs that occur less often than `min_count` are no phrases, and with
    Mikolov's score those that occur exactly as often are none either. Counts are exact, and the result does
    not depend on the number of workers or of candidates at a time.

    Args:
        source: what `Word2Vec.train` takes.
        tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
        encoding_errors: of raw text, as in `Corpus.encode`.
        reading: how raw text is found in files, as in `Corpus.encode`.
        progress: where progress is reported.
        settings: fields of `PhraseSearch`: score, min_count, threshold, connectors, passes, max_candidates,
            workers.

    Raises:
        InputError: settings that are out of range; a source that cannot be read.

    Example:
        >>> from embedkit import find_phrases
        >>> documents = [["the", "bank", "of", "england"], ["a", "bank"], ["bank", "of", "england", "notes"]]
        >>> [phrase.token for phrase in find_phrases(documents, min_count=2, threshold=0.3)]
        ['bank_of_england']
    """
    search = PhraseSearch(**settings)
    workers = search.workers or available_cores()
    text = RawText(tokenizer, encoding_errors, reading)
    with opened(source, text, search.workers, progress) as corpus, threads(workers) as pool:
        from embedkit.simd.compiling import announced, check_compiler

        check_compiler()
        with announced(progress.note, COMPILING):
            return _found(corpus, search, workers, pool, progress)


def _found(corpus: Corpus, search: PhraseSearch, workers: int, pool: Executor, progress: Progress) -> Phrases:
    """The phrases of all passes; one that finds none is the last."""
    text = JoinedText(corpus, pool, progress)
    phrases: dict[tuple[str, ...], Phrase] = {}
    for number in range(1, search.passes + 1):
        progress.start(f"finding phrases, pass {number}", corpus.words)
        found = _found_in_pass(text, corpus.vocabulary, search, workers, pool)
        new = {words: phrase for words, phrase in found.items() if words not in phrases}
        phrases |= new
        progress.finish(f"{len(new):,} phrases")
        if not new or number == search.passes:
            break
        text.join(list(new))
    best_first = sorted(phrases.values(), key=lambda phrase: (-phrase.score, -phrase.frequency, phrase.words))
    recipe = corpus.recipe["tokenizer"]
    return Phrases(tuple(best_first), PhraseSettings.of(search), recipe and newest_recipe(recipe))


def _found_in_pass(
    text: JoinedText, vocabulary: Vocabulary, search: PhraseSearch, workers: int, pool: Executor
) -> dict[tuple[str, ...], Phrase]:
    """The phrases of two tokens of the text, which are words or phrases, by their words."""
    known = (vocabulary.get(word) for word in search.connectors)
    connectors = np.array([word for word in known if word is not None], np.int64)
    kinds = _kinds(text, vocabulary, connectors, search)
    pairs = count_pairs(text.read, kinds, search.min_count, search.max_candidates, workers, pool)
    types = np.count_nonzero(text.counts) - np.count_nonzero(text.counts[connectors])
    counts = PairCounts(
        pairs.counts,
        text.counts[pairs.first],
        text.counts[pairs.second],
        int(text.counts.sum()),
        int(types) + pairs.types,
    )
    strength = scores(counts, search.score, search.min_count)
    found: dict[tuple[str, ...], Phrase] = {}
    assert search.threshold is not None  # noqa: S101 - it has one once it was made
    strong = np.flatnonzero(strength > search.threshold)
    columns = (column[strong].tolist() for column in (*pairs[:4], strength))
    for first, second, middle, frequency, score in zip(*columns, strict=True):
        between = middle_numbers(middle, len(connectors) + 1)
        inner = tuple(vocabulary.words[connectors[number - 1]] for number in between) if middle else ()
        words = text.parts(first) + inner + text.parts(second)
        phrase = Phrase(words, score, frequency)
        found[words] = max(phrase, found[words]) if words in found else phrase  # it may be parted in two ways
    return found


def _kinds(text: JoinedText, vocabulary: Vocabulary, connectors: Longs1d, search: PhraseSearch) -> Ints1d:
    """The kinds of words and phrases, as in `counting_kernels`.

    A pair is at least as rare as its words, so pairs of rare words need not be counted; but Mikolov's score
    takes the number of all different pairs.
    """
    from embedkit.text.phrases.counting_kernels import RARE

    kinds = np.zeros(len(vocabulary) + len(text.phrases), np.int32)
    if search.score != "mikolov":
        kinds[len(vocabulary.prefix(min_count=search.min_count)) : len(vocabulary)] = RARE
    kinds[connectors] = np.arange(1, len(connectors) + 1)
    return kinds
