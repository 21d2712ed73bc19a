"""`Doc2Vec`: vectors of documents (Le and Mikolov 2014), by negative sampling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.checkpoints import Checkpoint
from embedkit.leftovers import temporary_folder
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.corpus.opening import Documents, RawText
from embedkit.text.corpus.shards import Shard
from embedkit.text.pipeline.pipeline import TextPipeline
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.texts_in_memory import Sources
from embedkit.training.cluster_training import check_cluster, rounds_on
from embedkit.training.doc2vec.documents import DocumentTags, tagged_corpus
from embedkit.training.doc2vec.learners import DocumentShards
from embedkit.training.doc2vec.model import Doc2VecModel
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.training.doc2vec.targets import DocumentTargets, ngram_targets
from embedkit.training.doc2vec.trainer import DocumentTrainer, train
from embedkit.training.metadata import training_metadata
from embedkit.training.training_corpus import training_vocabulary
from embedkit.vectors.embeddings import Embeddings

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


@dataclass(kw_only=True, repr=False)
class Doc2Vec(Doc2VecParameters):
    """The hyper-parameters of document vectors, named as in gensim; `train` makes a `Doc2VecModel` with them.

    With `model="dbow"` the vector of a document predicts each of its words or, with `ngrams`, its n-grams of
    words (Li et al. 2016, "Weighted neural bag-of-n-grams model"); with `train_words` words are learned in
    the same space. With `model="dm"` a word is predicted by the mean of the vectors of its document and of
    the words around it or, with `concatenate`, by these one behind the other (Le and Mikolov 2014, 2.2). With
    `objective="cosine"` documents and targets are scored by their cosine (Thongtan and Phienthrakul 2019,
    "Sentiment classification using document embeddings trained with cosine similarity").

    Memory holds a vector for each document and each target, the rest of the text is read from disk.

    Raises:
        InputError: a value of the wrong type or out of range, or values that do not go together.

    Example:
        >>> from embedkit import Doc2Vec
        >>> documents = [["cat", "dog", "pet", "cat"], ["dog", "pet"], ["sun", "moon"], ["moon", "sun"]]
        >>> trainer = Doc2Vec(vector_size=20, min_count=1, sample=0, epochs=50, workers=1)
        >>> model = trainer.train(documents, tags=["a", "b", "c", "d"])
        >>> model.documents.neighbors("a", top=1)[0].word
        'b'
        >>> model.similar([["moon"]], top=1)[0][0].word in "cd"
        True
    """

    def __post_init__(self) -> None:
        self.check_parameters()

    def train(
        self,
        source: Corpus | Sources | Documents,
        *,
        tags: Iterable[str] | None = None,
        tag_column: str | int | None = None,
        tokenizer: TextPipeline | str | None = None,
        encoding_errors: str = "strict",
        reading: Reading | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
        cluster: Cluster | None = None,
    ) -> Doc2VecModel:
        """Learn the vectors of documents.

        Args:
            source: a `Corpus`, or the path of one; or what `Corpus.encode` takes, of which each line or row
                is a document; or documents, each a list of words.
            tags: the names of documents, or of lines, by which they are found in the model; those without a
                word are not in it. None for their numbers, from 1 on, see `tagged_corpus`.
            tag_column: the name, or the number from 1, of the column of tables that holds the tags instead.
            tokenizer: of raw text, as in `Corpus.encode`; "words" by default.
            encoding_errors: of raw text, as in `Corpus.encode`.
            reading: of raw text, as in `Corpus.encode`: the column of tables, the encoding.
            progress: where targets a second and mean loss are reported.
            checkpoint: where training is saved, and goes on after an interruption.
            cluster: where to train, in rounds, with the same bytes; its machines must see the corpus.

        Raises:
            InputError: the source cannot be read, has fewer than two words of `min_count`, or is so small
                that subsampling leaves nothing to learn from; tags do not fit it; training diverged; or a
                cluster without `deterministic`, or whose machines do not see the corpus or round differently.
            EmbedkitError: all workers of the cluster were lost.
        """
        check_cluster(self, cluster)
        text = RawText(tokenizer, encoding_errors, reading)
        workers = self.workers or available_cores()
        names = DocumentTags(tags, tag_column)
        with tagged_corpus(source, text, names, self.workers, progress) as tagged:
            vocabulary = training_vocabulary(tagged.corpus, self.min_count, self.max_vocabulary)
            words = vocabulary.counts
            assert words is not None  # noqa: S101 - a corpus counts its words
            told_workers = None if self.deterministic else workers  # the vectors do not depend on them
            job = training_metadata(
                "doc2vec", {**asdict(self), "workers": told_workers}, None, tagged.metadata, "numba"
            )
            with (
                self._prepared(tagged.corpus, len(vocabulary), words, progress) as (shards, targets),
                Saver(checkpoint, job, progress) as saver,
            ):
                trainer = DocumentTrainer(self, shards, targets.counts, words)
                place = CorpusPlace.of(tagged.corpus)
                build = partial(_on_machine, self, place)
                with rounds_on(cluster, build, trainer, place, self.wire, progress) as rounds:
                    trained = train(trainer, workers, progress, saver, rounds)
                documents = _without_unknown(trained.documents, shards, len(targets.counts))
            parameters = trained.parameters
            if self.deterministic:
                parameters = replace(parameters, workers=None)  # the vectors do not depend on them
            told = {**asdict(parameters), "workers": told_workers}
            metadata = training_metadata("doc2vec", told, trained.losses, tagged.metadata, "numba")
            return Doc2VecModel(
                parameters=parameters,
                tokenizer=tagged.tokenizer,
                vocabulary=vocabulary,
                keys=targets.keys,
                counts=targets.counts,
                targets=trained.targets,
                word_vectors=trained.words,
                documents=Embeddings(documents, tagged.tags, metadata),
            )

    @contextmanager
    def _prepared(
        self, corpus: Corpus, known: int, counts: Longs1d, progress: Progress
    ) -> Iterator[tuple[DocumentShards, DocumentTargets]]:
        """The shards of a corpus, checked and mapped, and what its documents are to predict."""
        checked = list(corpus.checked_shards())
        words = [Shard(np.asarray(ids), np.asarray(offsets)) for _, (ids, offsets) in checked]
        continues = [entry.continues for entry, _ in checked]
        own = [entry.documents - entry.continues for entry, _ in checked]
        first = [
            before - goes_on for before, goes_on in zip(accumulate(own, initial=0), continues, strict=False)
        ]
        with temporary_folder() as folder:
            targets = DocumentTargets(words, counts)
            if self.ngrams > 1:
                progress.start("finding n-grams")
                targets = ngram_targets(words, known, self.ngrams, self.min_count, folder)
                progress.finish(f"{len(targets.counts) - known:,} n-grams that occur {self.min_count} times")
            yield DocumentShards(words, targets.shards, first, continues, corpus.documents), targets


def _on_machine(parameters: Doc2Vec, place: CorpusPlace) -> DocumentTrainer:
    """A model in training on the corpus at a place, as it is made on each machine of a cluster."""
    corpus = place.open()
    vocabulary = training_vocabulary(corpus, parameters.min_count, parameters.max_vocabulary)
    assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
    with parameters._prepared(corpus, len(vocabulary), vocabulary.counts, SILENT) as (shards, targets):
        return DocumentTrainer(parameters, shards, targets.counts, vocabulary.counts)


def _without_unknown(documents: Floats2d, shards: DocumentShards, targets: int) -> Floats2d:
    """The vectors of documents, 0 of those that hold none of the `targets`, read-only."""
    held = np.zeros(len(documents), np.int64)
    for (ids, offsets), first in zip(shards.targets, shards.first, strict=True):
        known = np.concatenate([[0], np.cumsum(ids < targets)])
        held[first : first + len(offsets) - 1] += np.diff(known[offsets])
    vectors = np.where(held[:, None] > 0, documents, np.float32(0))
    vectors.flags.writeable = False
    return vectors
