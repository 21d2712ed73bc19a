"""`make demo`: training and queries end to end on bundled data, in a minute.

Writes the atlas, a corpus generated from facts; asks vectors that have learned nothing; trains on the atlas;
asks again; then asks the shipped English vectors.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

import embedkit
from embedkit.evaluation.benchmarks.analogy_items import Question
from embedkit.progress import console_progress
from embedkit_corpora import atlas

ENGLISH = (
    ("analogy", "man", "woman", "king", "--top", "3"),
    ("analogy", "france", "paris", "japan", "--top", "3"),
    ("neighbors", "guitar", "--top", "5"),
    ("odd-one-out", "breakfast", "lunch", "dinner", "river"),
    ("similarity", "coffee", "tea"),
)


def main() -> None:
    """Run the demo."""
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "atlas.txt")
        atlas.write_corpus(text)
        console.print("[bold]1. A corpus[/] of a million words, generated from facts. Its first line:")
        with text.open(encoding="utf-8") as lines:
            console.print(f"   {next(lines).strip()[:70]} ...\n", style="dim")
        console.print("[bold]2. Training[/] skip-gram vectors on it, as `embedkit train-w2v` does:")
        corpus = embedkit.Corpus.encode(text, Path(folder, "corpus"), progress=console_progress())
        untrained = _train(corpus, epochs=1, learning_rate=1e-9, min_learning_rate=0.0)
        trained = _train(corpus, epochs=5, progress=console_progress())
    console.print("\n[bold]3. Analogies[/] before and after:")
    console.print(_comparison(untrained, trained))
    console.print("[bold]4. The shipped English vectors[/], from the command line:")
    for arguments in ENGLISH:
        console.print(f"$ embedkit {' '.join(arguments)}", style="cyan")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "embedkit", *arguments], check=True)  # noqa: S603 - our own


def _train(corpus: embedkit.Corpus, **settings: object) -> embedkit.Embeddings:
    progress = settings.pop("progress", None)
    trainer = embedkit.Word2Vec(vector_size=64, **settings)
    return trainer.train(corpus, progress=progress) if progress else trainer.train(corpus)


def _comparison(before: embedkit.Embeddings, after: embedkit.Embeddings) -> Table:
    """What both answer to a question of each category, and the share of all that each solves."""
    table = Table("question", "before", "after", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    questions = atlas.questions()
    for q in {question.category: question for question in questions}.values():
        answers = (vectors.analogy(q.a, q.b, q.c, top=1)[0].word for vectors in (before, after))
        table.add_row(f"{q.a} : {q.b} :: {q.c} : ?", *answers)
    table.add_row(
        f"all {len(questions):,} questions", *(f"{_solved(v, questions):.1%}" for v in (before, after))
    )
    return table


def _solved(vectors: embedkit.Embeddings, questions: list[Question]) -> float:
    answers = vectors.analogies([(q.a, q.b, q.c) for q in questions], top=1)
    return sum(best.word == q.d for [best], q in zip(answers, questions, strict=True)) / len(questions)


if __name__ == "__main__":
    main()
