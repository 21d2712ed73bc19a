"""ServiceKeys of a service: a file of them, and a comparison whose time tells nothing of them."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from embedkit.errors import InputError

MIN_LENGTH = 16  # characters; a shorter key can be guessed
SCHEME = "Bearer "


class ServiceKeys:
    """The keys of a service, of which only hashes are kept.

    Args:
        keys: any number of keys.

    Example:
        >>> keys = ServiceKeys(["correct horse battery"])
        >>> keys.holder("Bearer correct horse battery") is not None, keys.holder("Bearer wrong")
        (True, None)
    """

    def __init__(self, keys: list[str]) -> None:
        self._digests = [_digest(key) for key in keys]

    def __repr__(self) -> str:
        return f"<{len(self._digests)} keys>"

    @classmethod
    def read(cls, path: Path) -> ServiceKeys:
        """The keys in a file, one a line; empty lines and those that begin with # are left out.

        Raises:
            InputError: the file cannot be read or holds no key, or a key is shorter than 16 characters.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise InputError(f"cannot read the keys in {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise InputError(f"cannot read the keys in {path}: it is no text in UTF-8") from None
        keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not keys:
            raise InputError(f"{path} holds no key; write one a line, such as: openssl rand -hex 32 > {path}")
        for number, line in enumerate(lines, 1):
            if line.strip() in keys and len(line.strip()) < MIN_LENGTH:
                raise InputError(
                    f"{path}, line {number}: a key of {len(line.strip())} characters can be guessed; use at "
                    f"least {MIN_LENGTH}, such as those of openssl rand -hex 32"
                )
        return cls(keys)

    def holder(self, authorization: str) -> bytes | None:
        """What stands for the key that a header Authorization gives; None if it is none of these."""
        given = _digest(authorization[len(SCHEME) :].strip())
        right = [compare_digest(given, digest) for digest in self._digests]  # all, whichever is right
        is_bearer = authorization[: len(SCHEME)].lower() == SCHEME.lower()
        return given if any(right) and is_bearer else None


def _digest(key: str) -> bytes:
    return sha256(key.encode(errors="surrogateescape")).digest()
