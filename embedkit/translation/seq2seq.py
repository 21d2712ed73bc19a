"""`Seq2Seq`: trains a network that turns one sequence into another, given pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from embedkit.checkpoints import Checkpoint
from embedkit.errors import InputError
from embedkit.hyperparameters import check, group_of, seed_field
from embedkit.neural.epochs import saved_epoch
from embedkit.neural.network_position import network_job
from embedkit.progress import SILENT, Progress
from embedkit.saver import Saver
from embedkit.text.formats.encodings import replace_surrogates
from embedkit.translation.batches import NumberedPairs
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.parameters import Seq2SeqLayers, Seq2SeqTraining, SequenceTokens
from embedkit.translation.token_sets import TokenSet, learn_tokens
from embedkit.translation.trainer import Seq2SeqTrainer
from embedkit.translation.translator import Translator
from embedkit.translation.weights import initial_weights

Pairs = tuple[list[str], list[str]]


@dataclass(frozen=True, kw_only=True)
class Seq2Seq(Seq2SeqLayers, SequenceTokens, Seq2SeqTraining):
    """An encoder and a decoder with attention: for translation, pronunciation, dates in words and the like.

    The encoder reads the tokens of a source in both directions; the decoder writes those of the target, and
    looks at the states of the encoder as it goes (Bahdanau et al. 2015, Luong et al. 2015). The same seed
    gives the same model on the same machine. Nothing but numpy is needed, for subwords also `tokenizers`. Its
    other parameters are described in `embedkit.translation.parameters`.

    Args:
        seed: the random seed.

    Raises:
        InputError: a parameter out of range.

    Example:
        >>> from embedkit import Seq2Seq
        >>> words = ["ab", "ba", "abb", "bba", "bab", "aab"] * 8
        >>> model = Seq2Seq(tokens="characters", units=16, vector_size=8, epochs=30, batch_size=8,
        ...     learning_rate=0.02, validation_fraction=0, dropout=0)
        >>> translator = model.train(words, [word.upper() for word in words])
        >>> translator.translate(["bab"])[0][0].text
        'BAB'
    """

    seed: int = seed_field()

    def __post_init__(self) -> None:
        check(self)
        if self.units % 2:
            raise InputError(f"units must be even, half of them for each direction, got {self.units}")

    def train(
        self,
        sources: Iterable[str],
        targets: Iterable[str],
        *,
        validation_data: tuple[Iterable[str], Iterable[str]] | None = None,
        metadata: Mapping[str, Any] | None = None,
        progress: Progress = SILENT,
        checkpoint: Checkpoint | None = None,
    ) -> Translator:
        """A model that has learned from pairs of texts.

        Args:
            sources: n texts.
            targets: what each shall become; pairs of which a side is empty are left out.
            validation_data: sources and targets that choose the best epoch, in the place of a part of those.
            metadata: what the model shall keep besides, ready for JSON.
            progress: where it is reported.
            checkpoint: where training is saved, and goes on after an interruption.

        Raises:
            InputError: something that is no text, more of one side than of the other, no pair at all, or
                training that diverged.
            DependencyError: subwords without the package `tokenizers`.
        """
        training, held = self._split(checked_pairs(sources, targets), validation_data)
        source, target = learn_tokens(*training, self, progress)
        pairs = numbered(source, target, training, self.max_length, progress)
        validation = numbered(source, target, held, self.max_length) if held else None
        layers = group_of(Seq2SeqLayers, self)
        network = Seq2SeqNetwork(layers, initial_weights(layers, len(source), len(target), self.seed))
        sides = [side for each in (pairs, validation) if each for side in (each.sources, each.targets)]
        data = [part for side in sides for part in (side.ids, side.offsets)]
        job = network_job("seq2seq", asdict(self), network.weights, *data)
        with Saver(checkpoint, job, progress) as saver:
            trainer = Seq2SeqTrainer(network, group_of(Seq2SeqTraining, self), self.seed, progress, saver)
            history = [saved_epoch(epoch) for epoch in trainer.run(pairs, validation)]
        told = {"pairs": len(pairs), **(metadata or {})}
        return Translator(source, target, network, asdict(self), history, told)

    def _split(
        self, pairs: Pairs, validation: tuple[Iterable[str], Iterable[str]] | None
    ) -> tuple[Pairs, Pairs | None]:
        """The pairs to learn from, and those that choose the epoch."""
        if validation is not None:
            return pairs, checked_pairs(*validation)
        count = round(len(pairs[0]) * self.validation_fraction)
        if not count:
            return pairs, None
        order = np.random.default_rng(self.seed).permutation(len(pairs[0])).tolist()
        chosen = [tuple([side[number] for number in order] for side in pairs)]
        sources, targets = chosen[0]
        return (sources[count:], targets[count:]), (sources[:count], targets[:count])


def checked_pairs(sources: Iterable[str], targets: Iterable[str]) -> Pairs:
    """The pairs of which no side is empty.

    Raises:
        InputError: something that is no text, more of one side than of the other, or nothing left.
    """
    sides = []
    for name, texts in (("sources", sources), ("targets", targets)):
        if isinstance(texts, str):
            raise InputError(f"expected a list of {name}, got one string")
        sides.append(list(texts))
        for number, text in enumerate(sides[-1]):
            if not isinstance(text, str):
                raise InputError(f"{name}: expected strings, got {text!r:.60} at place {number}")
    if len(sides[0]) != len(sides[1]):
        raise InputError(f"expected a target for each of {len(sides[0]):,} sources, got {len(sides[1]):,}")
    kept = [pair for pair in zip(*sides, strict=True) if pair[0].strip() and pair[1].strip()]
    if not kept:
        raise InputError("expected pairs of texts to learn from, got none")
    return [replace_surrogates(own) for own, _ in kept], [replace_surrogates(own) for _, own in kept]


def numbered(
    source: TokenSet, target: TokenSet, pairs: Pairs, longest: int, progress: Progress = SILENT
) -> NumberedPairs:
    """Pairs as numbers, without those that are too long, which are told."""
    both = list(zip(source.encode(pairs[0]), target.encode(pairs[1]), strict=True))
    kept = [pair for pair in both if max(map(len, pair)) <= longest]
    if not kept:
        raise InputError(
            f"expected pairs of at most {longest} tokens a side (max_length), got only longer ones"
        )
    if len(kept) < len(both):
        progress.note(f"{len(both) - len(kept):,} pairs of more than {longest} tokens a side are left out")
    return NumberedPairs.of([own for own, _ in kept], [own for _, own in kept])
