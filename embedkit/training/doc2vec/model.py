"""`Doc2VecModel`: document vectors with all that infers those of new documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count, check_seed
from embedkit.text.corpus.shards import Shard
from embedkit.text.documents import checked_documents
from embedkit.text.sequences.sequences import joined
from embedkit.text.tokenization.numbered import numbering
from embedkit.training.doc2vec.file import Doc2VecContents, load_doc2vec, save_doc2vec
from embedkit.training.doc2vec.inference import Inference
from embedkit.training.doc2vec.targets import symbols_of, targets_in
from embedkit.vectors.answers import Answer
from embedkit.vectors.embeddings import Embeddings


@dataclass(frozen=True, eq=False, repr=False)
class Doc2VecModel(Doc2VecContents):
    """The vectors of documents, and the targets that they predict. `Doc2Vec.train` makes one.

    Args:
        parameters: of training.
        tokenizer: how new texts are read; None if documents were lists of words.
        vocabulary: the V words with their counts.
        keys: of the n-grams, see `embedkit.text.ngrams.keys`.
        counts: int64 (T,), how often each word and n-gram occurs.
        targets: float32 (T, D), the vectors by which they are predicted, words first; if vectors were
            concatenated, each has a part for the document and for each place in the window.
        word_vectors: float32 (V, D), the vectors by which words predict, or None if they do not.
        documents: the vectors of the documents that were learned, by their tags.

    Example:
        >>> from embedkit import Doc2Vec, Texts
        >>> texts = Texts(["A cat and a dog.", "The dog sleeps.", "The bus stops.", "A train and a bus."])
        >>> model = Doc2Vec(vector_size=20, min_count=1, sample=0, workers=1).train(texts)
        >>> len(model.documents), model.documents.vocabulary.words[0]
        (4, '1')
        >>> model.infer(["a sleeping dog"]).shape
        (1, 20)
    """

    def infer(
        self, texts: Iterable[str] | Iterable[Sequence[str]], *, epochs: int | None = None, seed: int = 1
    ) -> Floats2d:
        """The vectors of new documents, float32 (n, D); 0 where no word is known.

        They are learned as in training, while everything else stays as it is. The same text and seed give the
        same vector, whatever stands beside it and on any number of threads.

        Args:
            texts: strings, or lists of words.
            epochs: passes over each document; None for as many as in training or, by cosines, for 6, which
                are steps of gradient descent.
            seed: of the draws.

        Raises:
            InputError: something that is no text, or strings where no tokenizer is known.
        """
        check_seed(seed)
        if epochs is not None:
            check_count("epochs", epochs)
        return self._inference.infer(self.targets_in(texts), epochs, seed)

    def similar(
        self, texts: Iterable[str] | Iterable[Sequence[str]], top: int = 10, *, seed: int = 1
    ) -> list[list[Answer]]:
        """The documents of largest cosine with each text, best first: their tags and cosines.

        A text without a known word is similar to none. Those similar to a learned document are
        `documents.neighbors(tag)`.
        """
        return self.nearest(self.infer(texts, seed=seed), top)

    def nearest(self, vectors: Floats2d, top: int = 10) -> list[list[Answer]]:
        """The documents of largest cosine with each of the vectors (n, D), best first; none with zero."""
        known = np.flatnonzero(vectors.any(axis=1))
        found: list[list[Answer]] = [[] for _ in vectors]
        if len(known):
            answers = self.documents.neighbors_many(list(vectors[known]), top)
            for number, own in zip(known.tolist(), answers, strict=True):
                found[number] = own
        return found

    @cached_property
    def words(self) -> Embeddings:
        """The vectors of words: those that predict or, if words do not, those that documents predict.

        Only the second, and those of `train_words`, are in the space of the documents.
        """
        vectors = self.targets[: len(self.vocabulary)] if self.word_vectors is None else self.word_vectors
        return Embeddings(vectors, self.vocabulary, self.documents.metadata)

    def targets_in(self, texts: Iterable[str] | Iterable[Sequence[str]]) -> Shard:
        """The numbers of the targets of texts, and where each text begins and the last ends."""
        shard = self._word_ids(texts)
        return targets_in(symbols_of(shard, len(self.vocabulary)), shard.offsets, self.keys)

    def save(self, path: str | Path) -> None:
        """Write the model to one .safetensors file, which is replaced only once everything is written.

        Raises:
            InputError: the file cannot be written, or texts are read with a function that has no name;
                `register_step` gives it one.
        """
        save_doc2vec(Path(path), self)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The model in a file that `save` wrote, compared with its checksums.

        Raises:
            InputError: no such file.
            FormatError: the file is damaged, of another version or no such model.
        """
        return cls(**vars(load_doc2vec(Path(path))))

    def with_metadata(self, **changes: object) -> Self:
        """The same model whose documents tell more of how they were made."""
        return replace(self, documents=self.documents.with_metadata(**changes))

    def __repr__(self) -> str:
        return (
            f"Doc2VecModel({len(self.documents):,} documents x {self.parameters.vector_size}, "
            f"{len(self.vocabulary):,} words)"
        )

    @cached_property
    def _inference(self) -> Inference:
        return Inference(self.parameters, self.targets, self.word_vectors, self.counts)

    def _word_ids(self, texts: Iterable[str] | Iterable[Sequence[str]]) -> Shard:
        """The ids of the words of texts, V for those that are unknown."""
        if isinstance(texts, str):
            raise InputError(f"expected a list of texts, got the string {texts[:40]!r}; put it in a list")
        given: list[Any] = list(texts)
        if given and isinstance(given[0], str):
            if self.tokenizer is None:
                raise InputError(
                    "the documents were lists of words, so no tokenizer is known; give such lists"
                )
            batches = self.tokenizer.number_all(given)
        else:
            numbers = numbering()
            words = checked_documents(given)
            sequences = joined(map(numbers.__getitem__, document) for document in words)
            batches = iter([(list(numbers), sequences)])
        unknown = len(self.vocabulary)
        ids, lengths = [np.zeros(0, np.int32)], [np.zeros(1, np.int64)]
        for held, sequences in batches:
            known = np.array([self.vocabulary.get(word, unknown) for word in held], np.int32)
            ids.append(known[sequences.ids])
            lengths.append(sequences.lengths)
        return Shard(np.concatenate(ids), np.cumsum(np.concatenate(lengths)))
