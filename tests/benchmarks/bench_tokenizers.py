"""Tokenizers of other libraries through embedkit, beside the bare libraries on the same texts.

`python -m tests.benchmarks.bench_tokenizers FILE`, or without FILE on simplewiki.txt (also compressed)
anywhere in the folder $EMBEDKIT_DATA. Both take texts and give lists of tokens, in turns, in one process;
seconds are those of the processor, of all threads together, so that other programs count little.
"""

import statistics
import sys
import time
from itertools import islice

from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.texts import Texts
from embedkit.text.sentences import split_sentences
from embedkit.text.subword_training import train_tokenizer
from embedkit.text.tokenization.graphemes import CharactersTokenizer
from embedkit.text.tokenization.icu import IcuTokenizer
from embedkit.text.tokenization.spacy import SpacyTokenizer
from tests.benchmarks.data import find, skipped

REPEATS = 3
TEXTS = 5_000
SUBWORDS = 8000


def run(file=None):
    """Rows of (what, embedkit, bare, ratio); or one row that says why there is nothing to measure."""
    source = file or find("simplewiki.txt")
    if source is None:
        return skipped("tokenizers")
    texts = list(islice(read_lines(source), TEXTS))
    words = sum(len(text.split()) for text in texts)
    return [_row(name, words, *_measured(ours, bare, texts)) for name, ours, bare in _pairs(texts)]


def _pairs(texts):
    """(what, the tokens by embedkit, the tokens by the library alone): functions of a list of texts."""
    from icu4py.breakers import CharacterBreaker, SentenceBreaker, WordBreaker

    def listed(tokenize_all):
        return lambda texts: list(tokenize_all(texts))

    def broken(breaker):
        return lambda texts: [list(breaker(text, "en")) for text in texts]

    yield "icu, beside icu4py", listed(IcuTokenizer().tokenize_all), broken(WordBreaker)
    yield "characters, beside icu4py", listed(CharactersTokenizer().tokenize_all), broken(CharacterBreaker)
    yield "sentences, beside icu4py", lambda texts: list(map(split_sentences, texts)), broken(SentenceBreaker)
    yield "spacy:en, beside nlp.pipe", listed(SpacyTokenizer("en").tokenize_all), _spacy_alone()
    for kind, parameters in {
        "bpe": {},
        "byte-level bpe": {"byte_level": True},
        "wordpiece": {"kind": "wordpiece"},
        "unigram": {"kind": "unigram"},
    }.items():
        tokenizer = train_tokenizer(Texts(texts[::10]), vocabulary_size=SUBWORDS, **parameters)
        yield f"{kind}, beside tokenizers", listed(tokenizer.tokenize_all), _subwords_alone(tokenizer)


def _spacy_alone():
    """Documents of spaCy, of which no list is made."""
    import spacy

    nlp = spacy.blank("en")
    return lambda texts: sum(map(len, nlp.pipe(texts)))


def _subwords_alone(tokenizer):
    from tokenizers import Tokenizer

    library = Tokenizer.from_str(tokenizer.definition)
    return lambda texts: [
        encoding.tokens for encoding in library.encode_batch_fast(texts, add_special_tokens=False)
    ]


def _measured(ours, bare, texts):
    """The seconds of both: medians of runs in turns, after one that loads what they need."""
    ours(texts[:10]), bare(texts[:10])
    runs = [(_seconds(ours, texts), _seconds(bare, texts)) for _ in range(REPEATS)]
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def _seconds(function, texts):
    begin = time.process_time()
    function(texts)
    return time.process_time() - begin


def _row(what, words, ours, bare):
    return {
        "what": f"{words / 1e6:.1f} M words: {what}",
        "embedkit": f"{words / ours / 1e6:.2f} M words/s",
        "bare": f"{words / bare / 1e6:.2f} M words/s",
        "ratio": f"{bare / ours:.2f}",
    }


if __name__ == "__main__":
    for row in run(*sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")
