"""`train_tokenizer`: BPE, WordPiece and unigram tokenizers learned from raw text by the `tokenizers` library.

Byte-pair encoding (Sennrich et al. 2016) merges the most frequent pair of neighbors again and again;
WordPiece is learned in the same way and applied by the longest match; the unigram model (Kudo 2018) begins
with many pieces and drops those that the likelihood of the text misses least. Memory holds the different
words.

BPE and WordPiece give the same file each time. The library adds up the unigram model's likelihoods in an
order that changes, so that its rarest pieces may.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, Literal, TextIO

from embedkit.errors import InputError
from embedkit.hyperparameters import check, hyperparameter
from embedkit.leftovers import temporary_file
from embedkit.progress import SILENT, Progress
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.text.tokenization.subword_files import check_library
from embedkit.text.tokenization.subword_parts import ONE_BLANK, SPLIT_AT_BLANKS
from embedkit.text.tokenization.subwords import SubwordTokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BATCH = 500  # texts handed over at once
SAMPLE = 2000  # texts on which tokens a word are counted
BYTES = 256
MIN_VOCABULARY, MAX_VOCABULARY = 10, 10_000_000
CONTINUING = "##"
_TOO_LONG = re.compile(r"\S{1000}(?=\S)")  # in pieces: time grows with the square of a word's length
UNKNOWN = {"bpe": "<unk>", "wordpiece": "[UNK]", "unigram": "<unk>"}


@dataclass(frozen=True, kw_only=True)
class SubwordTraining:
    """How a subword tokenizer is learned."""

    kind: Literal["bpe", "wordpiece", "unigram"] = hyperparameter("bpe", "kind of the tokenizer")
    vocabulary_size: int = hyperparameter(
        30_000, "number of tokens, special ones included", minimum=MIN_VOCABULARY, maximum=MAX_VOCABULARY
    )
    min_frequency: int = hyperparameter(
        2, "how often two tokens must stand side by side to be merged (bpe, wordpiece)", minimum=1
    )
    lowercase: bool = hyperparameter(True, "convert text to lower case")
    strip_accents: bool = hyperparameter(False, "remove accents")
    byte_level: bool = hyperparameter(
        False, "begin with the 256 bytes instead of characters, so that nothing is unknown (bpe)"
    )
    special_tokens: Sequence[str] = ()

    def __post_init__(self) -> None:
        check(self)
        if self.byte_level and self.kind != "bpe":
            raise InputError(f"byte_level is for kind 'bpe', got {self.kind!r}")
        tokens = self.all_special_tokens
        if isinstance(self.special_tokens, str) or not all(token.split() == [token] for token in tokens):
            raise InputError(f"special_tokens must be a list of words, got {self.special_tokens!r:.80}")
        if self.byte_level and self.vocabulary_size < BYTES + len(tokens):
            raise InputError(
                f"vocabulary_size must be at least {BYTES + len(tokens)} with byte_level: the bytes and "
                f"the special tokens; got {self.vocabulary_size}"
            )

    @property
    def all_special_tokens(self) -> list[str]:
        """The special tokens, with that of unknown characters first; with bytes, there is none."""
        unknown = [] if self.byte_level else [UNKNOWN[self.kind]]
        return list(dict.fromkeys([*unknown, *self.special_tokens]))


def train_tokenizer(
    sources: Sources,
    *,
    encoding_errors: str = "strict",
    reading: Reading | None = None,
    progress: Progress = SILENT,
    **parameters: Any,
) -> SubwordTokenizer:
    """Learn a tokenizer of subwords from raw text, each line of files a text.

    Args:
        sources: files, folders, archives, globs and texts in memory, as `Corpus.encode` takes them.
        encoding_errors: of raw text, as in `Corpus.encode`.
        reading: how texts are found in files, as in `Corpus.encode`; what documents are makes no difference.
        progress: is told how many texts have been read, and at the end how many tokens a word has.
        parameters: fields of `SubwordTraining`: kind, vocabulary_size, min_frequency, lowercase,
            strip_accents, byte_level, special_tokens.

    Raises:
        InputError: a parameter out of range, text that cannot be read, or none at all.
        DependencyError: `tokenizers` is not installed.

    Example:
        >>> from embedkit import Texts, train_tokenizer
        >>> texts = Texts(["low lower lowest", "new newer newest"] * 5)
        >>> tokenizer = train_tokenizer(texts, vocabulary_size=30)
        >>> tokenizer.tokenize("Lowest newer") == ["\u2581lowest", "\u2581newer"]
        True
    """
    training = SubwordTraining(**parameters)
    check_library()
    untrained = _untrained(training)
    read = read_lines(sources, encoding_errors=encoding_errors, reading=reading, progress=progress)
    lines = (_TOO_LONG.sub(r"\g<0> ", line) for line in read)
    if training.kind == "unigram" or training.byte_level:
        return _trained(training, untrained, [], lines, progress)
    with temporary_file(Path(gettempdir())) as copy:
        with copy.open("w", encoding="utf-8", newline="\n") as stream:
            alphabet = _alphabet(training, untrained, _copied(lines, stream), progress)
        with copy.open(encoding="utf-8", newline="\n") as stream:
            copied = (line.removesuffix("\n") for line in stream)
            return _trained(training, untrained, alphabet, copied, progress)


def _copied(lines: Iterable[str], stream: TextIO) -> Iterator[str]:
    """The lines, which go into a file, too: they are read twice, and there may be only once."""
    for line in lines:
        stream.write(f"{line}\n")
        yield line


def _trained(
    training: SubwordTraining,
    tokenizer: Tokenizer,
    alphabet: list[str],
    lines: Iterable[str],
    progress: Progress,
) -> SubwordTokenizer:
    sample: list[str] = []
    progress.start("learning subwords")
    batches = _batches(_sampled(lines, sample), progress)
    try:
        tokenizer.train_from_iterator(batches, _trainer(training, alphabet))
    except Exception as error:
        if type(error) is not Exception:  # what the library raises is; others come from reading
            raise
        raise InputError(
            f"nothing can be learned with vocabulary_size {training.vocabulary_size} ({error}); try more"
        ) from None
    if not sample:
        raise InputError("no text to learn from")
    definition = json.loads(tokenizer.to_str())
    special = {*training.all_special_tokens}
    definition["added_tokens"] = [
        token for token in definition["added_tokens"] if token["content"] in special
    ]
    trained = SubwordTokenizer(json.dumps(definition))
    tokens = sum(map(len, trained.tokenize_all(sample)))
    words = sum(len(text.split()) for text in sample)
    progress.finish(f"{trained.vocabulary_size:,} subwords, {tokens / max(words, 1):.2f} a word of the text")
    return trained


def _untrained(training: SubwordTraining) -> Tokenizer:
    """A tokenizer that normalizes and cuts text, and knows no subword yet."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    unknown = UNKNOWN[training.kind]
    steps: list[dict[str, Any]] = [{"type": "NFC"}]
    steps += [{"type": "Lowercase"}] * training.lowercase
    steps += [{"type": "NFD"}, {"type": "StripAccents"}] * training.strip_accents
    if training.byte_level:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
    elif training.kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(unk_token=unknown))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=unknown) if training.kind == "bpe" else models.Unigram())
        tokenizer.decoder = decoders.Metaspace()
    definition = json.loads(tokenizer.to_str())
    if not (training.byte_level or training.kind == "wordpiece"):
        definition["pre_tokenizer"] = SPLIT_AT_BLANKS
        steps += ONE_BLANK
    definition["normalizer"] = {"type": "Sequence", "normalizers": steps}
    return Tokenizer.from_str(json.dumps(definition))


def _trainer(training: SubwordTraining, alphabet: list[str]) -> Any:
    """The library's trainer.

    It numbers the pieces "##a" of WordPiece as it comes upon them, in no fixed order; given as special tokens
    they have their numbers before.
    """
    from tokenizers import pre_tokenizers, trainers

    special = training.all_special_tokens
    size, frequency = training.vocabulary_size, training.min_frequency
    if training.kind == "unigram":
        return trainers.UnigramTrainer(
            vocab_size=size, special_tokens=special, unk_token=UNKNOWN["unigram"], show_progress=False
        )
    if training.kind == "wordpiece":
        special = list(dict.fromkeys([*special, *(CONTINUING + letter for letter in alphabet)]))
    if training.byte_level:
        alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    kind = trainers.WordPieceTrainer if training.kind == "wordpiece" else trainers.BpeTrainer
    return kind(
        vocab_size=size,
        min_frequency=frequency,
        special_tokens=special,
        initial_alphabet=alphabet,
        limit_alphabet=len(alphabet),
        show_progress=False,
    )


def _alphabet(
    training: SubwordTraining, tokenizer: Tokenizer, texts: Iterable[str], progress: Progress
) -> list[str]:
    """The most frequent characters, at most as many as leave half of the vocabulary to longer pieces."""
    progress.start("reading characters")
    counts: Counter[str] = Counter()
    for batch in _batches(texts, progress):
        counts.update(unicodedata.normalize("NFC", "\n".join(batch)))
    progress.finish(f"{len(counts):,} different ones")
    normalized: Counter[str] = Counter()
    for character, count in counts.items():  # once composed, characters are normalized one by one
        for letter in tokenizer.normalizer.normalize_str(character):
            normalized[letter] += count
    ranked = sorted((-count, letter) for letter, count in normalized.items() if not letter.isspace())
    places = training.vocabulary_size // (4 if training.kind == "wordpiece" else 2)
    letters = [letter for _, letter in ranked[:places]]
    return sorted([*letters, "\u2581"] if training.kind == "bpe" else letters)


def _batches(texts: Iterable[str], progress: Progress) -> Iterator[list[str]]:
    remaining, read = iter(texts), 0
    while batch := list(islice(remaining, BATCH)):
        yield batch
        read += len(batch)
        progress.update(read, f"{read:,} texts")


def _sampled(texts: Iterable[str], sample: list[str]) -> Iterator[str]:
    """The texts; the first of them go into `sample`, too."""
    for text in texts:
        if len(sample) < SAMPLE:
            sample.append(text)
        yield text
