"""The group `embedkit`: finds commands, loads the one that is called, and turns errors into one line.

Exit codes: 0 all went well; 1 a defect of embedkit, or nobody to read the answer (the pipe or stdout is
closed); 2 something the user can mend; 130 Ctrl-C; 143 SIGTERM, after which no temporary file is left either.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
import warnings
from typing import Any, NoReturn

import click

from embedkit.errors import EmbedkitError
from embedkit_cli.shared.interrupts import ending, interrupt_behind, progress_lost, remember_begin, terminate
from embedkit_cli.shared.lazy_group import LazyGroup
from embedkit_cli.shared.mapped_files import allow_many_files, guard_mapped_files
from embedkit_cli.shared.provenance import remember_arguments, remembered_arguments
from embedkit_cli.shared.shells import COMPLETE, complete_files
from embedkit_cli.shared.silence import watched_silence
from embedkit_cli.shared.streams import guard_streams
from embedkit_cli.shared.text import plain

SECTIONS = {  # heading -> command -> the first line of its help, so that the list of commands imports none
    "From text to vectors": {
        "tokenize": "Tokenize text into a corpus, to train on many times.",
        "phrases": "Find phrases: words that stand together more often than by chance.",
        "train-tokenizer": "Train a tokenizer of subwords on text.",
        "corpus-info": "Show word frequencies, vocabulary growth and document lengths of a corpus.",
        "train-w2v": "Train word2vec vectors on text or a corpus.",
        "train-fasttext": "Train fastText vectors, which any word has, on text or a corpus.",
        "train-doc2vec": "Train document vectors on text or a corpus.",
        "cooccurrences": "Count the co-occurrences of words.",
        "train-svd": "Train vectors by PPMI and truncated SVD on text, a corpus or co-occurrence counts.",
        "train-glove": "Train GloVe vectors on text, a corpus or co-occurrence counts.",
        "emoji-vectors": "Add vectors of emoji to those of English words.",
    },
    "Queries": {
        "analogy": "Find the word that is to C as B is to A.",
        "similarity": "Print the similarity of two words or texts.",
        "neighbors": 'Find the words closest to each WORD, or to a sum such as "king - man + woman".',
        "vector": 'Print the vector of each WORD, of a sum such as "paris - france", or of a text.',
        "odd-one-out": "Find the word that is least similar to the others.",
        "predict-word": "Predict the word that stands among the words given.",
        "search": "Rank the lines of text files by their similarity to QUERY.",
        "encode": "Print or write the vector of each TEXT.",
        "infer": "Infer the vector of each TEXT by a model of document vectors.",
    },
    "Pages": {
        "explore": "Look at vectors in the browser: a map of their words, neighbors, arithmetic, bias.",
    },
    "Spaces": {
        "align": "Turn vectors into the space of others, to compare languages, times or texts.",
        "combine": "Merge several files of vectors, or concatenate their dimensions.",
        "transform": "Normalize, center or whiten vectors, or make their dimensions fewer.",
        "retrofit": "Draw the vectors of synonyms together (Faruqui et al. 2015).",
    },
    "Evaluation": {
        "evaluate": "Evaluate vectors on benchmarks, and compare them.",
    },
    "Pictures": {
        "plot": "Plot words, neighbors, categories, analogies, changes over time or learning curves.",
    },
    "Bias": {
        "bias": "Measure the bias of vectors.",
        "debias": "Remove a bias from vectors, and measure the residual bias.",
    },
    "Classifiers": {
        "train-classifier": "Train a text classifier on labeled texts.",
        "find-learning-rate": "Find the learning rate of a network by trying growing ones.",
        "train-regressor": "Train a model that predicts a number for each text, such as a rating.",
        "classify": "Print the label of each TEXT and its probability.",
        "evaluate-classifier": "Evaluate a classifier on labeled texts.",
        "compare-classifiers": "Train several classifiers on the same texts and compare them.",
    },
    "Recurrent cells": {
        "plot-gradients": "Plot how far gradients reach back in recurrent cells.",
        "plot-gates": "Plot the gates of a model at each token of TEXT.",
    },
    "Taggers": {
        "train-tagger": "Train a tagger of tokens, for parts of speech or named entities.",
        "tag": "Print the tags of the tokens of each TEXT.",
        "evaluate-tagger": "Evaluate a tagger on tagged sentences.",
    },
    "Language models": {
        "train-lm": "Train a language model of characters, subwords or words.",
        "generate": "Write texts by a language model.",
        "perplexity": "Measure how well language models predict a text.",
        "next": "Print the tokens that may come next behind each TEXT, and their probabilities.",
    },
    "Music": {
        "train-music": "Train a model of melodies, to compose new ones.",
        "compose": "Compose new tunes by a model of melodies.",
    },
    "Translation": {
        "train-seq2seq": "Train a network that turns one sequence into another, such as a translator.",
        "translate": "Print what a model of sequences makes of each TEXT.",
        "evaluate-seq2seq": "Evaluate a model of sequences on pairs, and tell whether search or model is to "
        "blame for its errors.",
        "score-translations": "Score translations by BLEU, chrF and error rates.",
    },
    "Speech": {
        "transcribe": "Print what is said in recordings, or where a word is said.",
        "train-speech": "Train a recognizer of speech on recordings and transcripts.",
    },
    "Emoji": {
        "emojify": "Add a fitting emoji to each TEXT.",
        "train-emojify": "Train a model that predicts emoji for sentences.",
    },
    "Service": {
        "serve": "Answer questions to vectors and models over HTTP.",
    },
    "Files": {
        "download": "Download public vectors, to be used by their names: -v NAME.",
        "convert": "Convert vectors from one file format to another.",
        "save-pretrained": "Write vectors with a model card, as the Hugging Face hub has them.",
        "index": "Index vectors, to find neighbors approximately and fast.",
        "info": "Show what vectors, counts, a corpus, phrases or a classifier hold, and how they were made.",
    },
    "Shell": {
        "completion": "Print the completion script of a shell.",
    },
}
SUMMARIES = {name: summary for commands in SECTIONS.values() for name, summary in commands.items()}
COMMANDS = list(SUMMARIES)
INTERRUPTED = 128  # exit codes above are of signals
WIDTH = max(map(len, COMMANDS))
MENDABLE = (EmbedkitError, OSError, MemoryError)
UNMAPPED = "failed to map segment"  # what the loader of libraries says where memory is short (ulimit -v)


class Failure(click.ClickException):
    """An exception that a command let through, as the line that is printed of it."""

    def __init__(self, error: Exception) -> None:
        if unmapped := _unmapped(error):
            error = MemoryError(f"a library cannot be loaded: {unmapped}")
        self.exit_code = 2 if isinstance(error, MENDABLE) else 1
        super().__init__(_message(error))


class Commands(LazyGroup):
    """A group whose commands are modules of `embedkit_cli.commands`, each imported when it is called."""

    package = "embedkit_cli.commands"
    summaries = SUMMARIES

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        for heading, commands in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{WIDTH}}", summary) for name, summary in commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with, and keep that it was found."""
        name, command, rest = super().resolve_command(ctx, args)
        remember_begin(ctx)
        return name, command, rest

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command."""
        remember_arguments(ctx, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong in it becomes a `Failure`."""
        guard_mapped_files()
        allow_many_files()
        try:
            with watched_silence(remembered_arguments(ctx)):
                return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if interrupt := interrupt_behind(error):
                interrupt.args = tuple(filter(None, [progress_lost(ctx)]))
                raise interrupt from None
            if ctx.params["debug"]:
                import traceback

                traceback.print_exc()
            raise Failure(error) from error

    def main(self, args: Any = None, prog_name: str | None = "embedkit", **extra: Any) -> NoReturn:
        """Run a command line, print what went wrong as one line on stderr, and exit."""
        signal.signal(signal.SIGTERM, terminate)
        guard_streams()
        if COMPLETE in os.environ:
            complete_files()
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                code = super().main(args, prog_name, standalone_mode=False, **extra)
            except click.ClickException as error:
                code = error.exit_code
                click.echo(f"Error: {plain(_one_line(error))}", err=True)
            except click.Abort as interrupt:
                code, message = ending(interrupt.__cause__)
                click.echo(message, err=True)
        if code and code > INTERRUPTED:
            gc.collect()  # generators interrupted just as they were left: they remove their temporary files
        sys.exit(code)


@click.group(
    "embedkit",
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"max_content_width": 100},
)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(package_name="embedkit", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, debug: bool) -> None:
    """Train word vectors on your own text, query, evaluate and debias them, and classify texts.

    Results go to stdout, everything else to stderr. `embedkit COMMAND --help` tells more of a command.
    The exit code is 0 if all went well, 2 if you can mend what went wrong, 130 after Ctrl-C, else 1.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _unmapped(error: BaseException | None) -> BaseException | None:
    """What the loader of libraries said of too little memory, maybe behind the error of a package."""
    while error and not (isinstance(error, (ImportError, OSError)) and UNMAPPED in str(error)):
        error = error.__cause__ or error.__context__
    return error


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EMFILE:
        return "too many open files; raise their limit (ulimit -n)"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, MemoryError):
        return f"not enough memory: {str(error) or 'free some, or raise its limit (ulimit -v)'}"
    if isinstance(error, MENDABLE):
        return str(error)
    return (
        f"{type(error).__name__}: {error} (a defect of embedkit; "
        "`embedkit --debug COMMAND ...` shows where, please report it)"
    )


def _one_line(error: click.ClickException) -> str:
    """The message without line breaks and, if the command line was wrong, where to read how it should be."""
    message = " ".join(part.strip() for part in error.format_message().splitlines())
    if isinstance(error, click.UsageError) and error.ctx:
        message += f" (see {error.ctx.command_path} --help)"
    return message


def _show_warning(message: Warning | str, *_: object) -> None:
    click.echo(f"Warning: {plain(str(message))}", err=True)


if __name__ == "__main__":
    main()
