"""Files of subword tokenizers: a tokenizer.json is read and checked, and what is none is told apart.

Nothing is fetched and no code runs: the file is JSON, which only the `tokenizers` library interprets.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import check_regular

NAME = "tokenizer.json"
MAX_BYTES = 1 << 28
MODELS = ("BPE", "Unigram", "WordLevel", "WordPiece")
SAVED_BY_TRANSFORMERS = (
    "the folder of the model it belongs to often has a tokenizer.json beside it; else, in Python, "
    "transformers.AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes one"
)
WORDPIECE_LIST = (
    "in Python, tokenizers.BertWordPieceTokenizer('{path}').save('tokenizer.json') makes one of it"
)
BPE_PARTS = (
    "in Python, tokenizers.ByteLevelBPETokenizer('vocab.json', 'merges.txt').save('tokenizer.json') makes "
    "one of the two"
)


def check_subwords(path: str | Path) -> None:
    """Raise an error unless `path` is a file that `read_definition` may take and `tokenizers` is there.

    Raises:
        InputError: there is no such file.
        DependencyError: `tokenizers` is not installed.
    """
    _file(path)
    check_library()


def may_be_subwords(path: Path) -> bool:
    """Whether a file begins as JSON does, or a folder has a tokenizer.json."""
    if path.is_dir():
        return (path / NAME).exists()
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(80).lstrip()[:1] == b"{"
    except OSError:
        return False


def definition_facts(path: Path) -> dict[str, Any]:
    """What a tokenizer.json holds, ready for JSON; the same errors as of `read_definition`."""
    definition = read_definition(path)
    found = json.loads(definition)
    model, added = found["model"], found.get("added_tokens") or []
    words = [word if isinstance(word, str) else word[0] for word in model["vocab"]]
    special = [token["content"] for token in added if token.get("special")]
    return {
        "format": "tokenizer.json of Hugging Face",
        "model": model.get("type"),
        "subwords": len({*words, *(token["content"] for token in added)}),
        "special_tokens": special or None,
        "bytes": _file(path).stat().st_size,
        "sha256": hashlib.sha256(definition.encode()).hexdigest(),
    }


def check_library() -> None:
    """Raise `DependencyError` if `tokenizers` is not installed."""
    if find_spec("tokenizers") is None:
        raise DependencyError("the library tokenizers is not installed: pip install 'embedkit[subwords]'")


def read_definition(path: str | Path) -> str:
    """The content of a tokenizer.json, or of the one in a folder, as compact JSON.

    Raises:
        InputError: there is no such file.
        FormatError: it is no tokenizer.json; the message tells what it is.
    """
    file = _file(path)
    content = file.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FormatError(f"{file} is no tokenizer.json, but {_binary(content)}") from None
    return compact_definition(text, str(file))


def compact_definition(text: str, name: str = "the definition") -> str:
    """The JSON of a tokenizer without blanks; `name` is what messages call it.

    Raises:
        FormatError: it is not the JSON of a tokenizer.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name} is no tokenizer.json, but {_plain_text(text, name, error)}") from None
    if (
        not isinstance(found, dict)
        or not isinstance(model := found.get("model"), dict)
        or "vocab" not in model
    ):
        raise FormatError(f"{name} is no tokenizer.json, but {_other_json(found)}")
    kind = model.get("type")
    if kind is not None and kind not in MODELS:
        raise FormatError(f"{name} has a model of type {kind!r:.40}; the types are {', '.join(MODELS)}")
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _file(path: str | Path) -> Path:
    file = Path(path)
    if file.is_dir():
        file = file / NAME
    if not file.exists():
        raise InputError(f"there is no tokenizer {file}; name a tokenizer.json, or the folder that holds one")
    check_regular(file)
    if (size := file.stat().st_size) > MAX_BYTES:
        raise FormatError(f"{file} has {size:,} bytes; a tokenizer.json has at most {MAX_BYTES:,}")
    return file


def _binary(content: bytes) -> str:
    if content[:1] == b"\n" and b"<unk>" in content[:200]:
        return f"a SentencePiece model; {SAVED_BY_TRANSFORMERS}"
    return f"binary; {SAVED_BY_TRANSFORMERS}"


def _plain_text(text: str, name: str, error: Exception) -> str:
    lines = text.split("\n", 1000)
    if text.startswith("#version") or (len(lines) > 9 and all(line.count(" ") == 1 for line in lines[1:9])):
        return f"the merges of a BPE model; {BPE_PARTS}"
    if "[UNK]" in map(str.strip, lines):
        return f"a list of word pieces; {WORDPIECE_LIST.format(path=name)}"
    if text.lstrip()[:1] in ("{", "["):
        return f"damaged JSON ({error}); make or fetch it again"
    return f"text that is no JSON; {SAVED_BY_TRANSFORMERS}"


def _other_json(found: object) -> str:
    if isinstance(found, dict) and found.keys() & {"tokenizer_class", "model_type", "unk_token"}:
        return f"the settings of a model; {SAVED_BY_TRANSFORMERS}"
    if isinstance(found, dict) and len(found) > 1 and all(type(value) is int for value in found.values()):
        return f"the vocabulary of a BPE model; {BPE_PARTS}"
    return f"other JSON, without a model and its vocabulary; {SAVED_BY_TRANSFORMERS}"
