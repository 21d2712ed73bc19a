"""The exceptions that embedkit raises.

Every message says what was received, what is allowed and how to mend it. The command line prints an
`EmbedkitError` as one line and exits with 2; anything else is a defect of ours.
"""


class EmbedkitError(Exception):
    """Something the caller can mend: the base of all errors of embedkit.

    Example:
        >>> import embedkit
        >>> try:
        ...     embedkit.Word2Vec(window=0)
        ... except embedkit.EmbedkitError as error:
        ...     print(error)
        window must be at least 1, got 0
    """


class InputError(EmbedkitError, ValueError):
    """A setting, a text or a file that cannot be used as it is; a `ValueError` too.

    Example:
        >>> import embedkit
        >>> try:
        ...     embedkit.Vocabulary(["cat", "dog", "cat"])
        ... except embedkit.InputError as error:
        ...     print(error)
        each word may occur once; found again: 'cat'
    """


class NothingLearnedError(InputError):
    """Texts in which no two known words stand side by side, from which no vectors can be learned.

    Example:
        >>> import embedkit
        >>> try:
        ...     embedkit.Word2Vec(vector_size=16, min_count=1, sample=0.0).train([["Mary"], ["John"]])
        ... except embedkit.errors.NothingLearnedError as error:
        ...     print(str(error).partition(":")[0])
        nothing was learned
    """


class DivergenceError(InputError):
    """A training whose numbers left all bounds; it would end so again from what was saved on the way.

    Example:
        >>> from embedkit.errors import DivergenceError
        >>> from embedkit.neural.epochs import check_loss
        >>> try:
        ...     check_loss(float("nan"), epoch=3, learning_rate=5)
        ... except DivergenceError as error:
        ...     print(error)
        training diverged in epoch 3: the loss is nan; lower learning_rate, which is 5
    """


class FormatError(InputError):
    """A file that is damaged, truncated or of an unknown form.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import embedkit
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "vocabulary.tsv")
        ...     _ = path.write_text("cat three")
        ...     try:
        ...         embedkit.Vocabulary.load(path)
        ...     except embedkit.FormatError as error:
        ...         print(str(error).partition(", ")[2])
        line 1: the file is cut off, its last line does not end
    """


class UnknownWordError(EmbedkitError, KeyError):
    """A word that is not in the vocabulary; `suggestions` holds close spellings. A `KeyError` too.

    Example:
        >>> import embedkit
        >>> try:
        ...     embedkit.Vocabulary(["cat", "dog"])["cats"]
        ... except embedkit.UnknownWordError as error:
        ...     print(error)
        'cats' is not in the vocabulary; did you mean 'cat'?
    """

    def __init__(self, word: str, suggestions: tuple[str, ...] = ()) -> None:
        self.word = word
        self.suggestions = suggestions
        super().__init__(word)

    def __str__(self) -> str:
        """The message itself: KeyError would print its repr."""
        hint = f"; did you mean {', '.join(map(repr, self.suggestions))}?" if self.suggestions else ""
        return f"{self.word!r} is not in the vocabulary{hint}"


class WorkerDiedError(EmbedkitError):
    """A worker process or machine ended before it had done what it was told; what it kept is lost.

    Example:
        >>> from embedkit import Cluster
        >>> from embedkit.errors import WorkerDiedError
        >>> import os
        >>> with Cluster.connect("local:1") as cluster:
        ...     try:
        ...         cluster.call(os._exit, 7).result()
        ...     except WorkerDiedError as error:
        ...         print(str(error).partition(",")[0])
        3 tries of a task failed: a worker process ended with code 7
    """


class DependencyError(EmbedkitError, ImportError):
    """An optional package that is not installed; the message names the command that installs it.

    Example:
        >>> from embedkit import DependencyError
        >>> issubclass(DependencyError, ImportError)
        True
    """
