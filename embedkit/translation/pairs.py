"""`PairedTexts`: sources and their targets, from a file with tabs between them or from two files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.lines import numbered_lines

MEND = "mend the line, or leave it out"


@dataclass(frozen=True)
class PairedTexts:
    """Texts and what each shall become.

    Args:
        name: where they come from.
        sources: the texts.
        references: of each the targets that are right, at least one.

    Example:
        >>> from embedkit import PairedTexts
        >>> PairedTexts("numbers", ["one"], [("un", "une")]).targets
        ['un']
    """

    name: str
    sources: list[str]
    references: list[tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def targets(self) -> list[str]:
        """The first reference of each."""
        return [own[0] for own in self.references]

    def describe(self) -> dict[str, Any]:
        """Facts for the metadata of a model."""
        return {"file": self.name, "pairs": len(self)}


def read_pairs(path: str | Path, targets: str | Path | None = None, encoding: str = "utf-8") -> PairedTexts:
    r"""The pairs of a file, or of two whose lines belong together; either may be compressed.

    Args:
        path: lines of a source and a target with a tab between them, and more targets behind further tabs; or
            sources alone, a line each. Empty lines are left out.
        targets: a file of targets, a line each.
        encoding: of the text.

    Raises:
        InputError: no such file, a line without a tab, files of different numbers of lines, or no pairs.
        FormatError: lines that are not in this encoding.

    Example:
        >>> from pathlib import Path
        >>> from embedkit import read_pairs
        >>> _ = Path("pairs.tsv").write_text("one\tun\tune\ntwo\tdeux\n")
        >>> read_pairs("pairs.tsv").references
        [('un', 'une'), ('deux',)]
    """
    lines = _lines(Path(path), encoding)
    pairs = _rows(lines, path) if targets is None else _aligned(lines, path, Path(targets), encoding)
    if not pairs:
        raise InputError(f"{path}: expected pairs of texts, got none")
    return PairedTexts(str(path), [source for source, _ in pairs], [own for _, own in pairs])


def _lines(path: Path, encoding: str) -> list[str]:
    if not path.exists():
        raise InputError(f"cannot read {path}: there is no such file")
    bad = BadRows(str(path), advice=MEND)
    return [line.rstrip("\r\n") for _, line in numbered_lines(path, encoding, bad)]


def _rows(lines: list[str], path: str | Path) -> list[tuple[str, tuple[str, ...]]]:
    pairs = []
    for number, line in enumerate(lines, 1):
        source, *own = line.split("\t")
        if not line.strip():
            continue
        if not own:
            raise InputError(
                f"{path}, line {number}: expected a source and a target with a tab between them, got "
                f"{line!r:.60}; {MEND}, or name a second file with the targets"
            )
        pairs.append((source, tuple(target for target in own if target.strip()) or (own[0],)))
    return pairs


def _aligned(
    lines: list[str], path: str | Path, targets: Path, encoding: str
) -> list[tuple[str, tuple[str, ...]]]:
    others = _lines(targets, encoding)
    if len(others) != len(lines):
        raise InputError(
            f"expected as many lines as in {path}, {len(lines):,}, got {len(others):,} in {targets}; "
            "line n of one belongs to line n of the other, empty lines included"
        )
    both = zip(lines, others, strict=True)
    return [(source, (target,)) for source, target in both if source.strip() or target.strip()]
