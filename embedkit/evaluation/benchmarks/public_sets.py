"""Public benchmarks: their names, papers, and names of files and folders.

The names of files are those of the sets' own packages and of collections in which they are passed around:
Faruqui and Dyer's eval-word-vectors, Jastrzebski's word-embeddings-benchmarks, gensim. A folder stands for a
set with a file a topic or category.
"""

from __future__ import annotations

from typing import NamedTuple


class PublicSet(NamedTuple):
    """A published benchmark: its name here, its kind, its paper, and what its file or folder is called."""

    name: str
    kind: str
    citation: str
    files: tuple[str, ...]
    folders: tuple[str, ...] = ()

    @property
    def looked_for(self) -> str:
        """The names of its file or folder, for people."""
        return " or ".join([*self.files, *(f"{folder}/" for folder in self.folders)])


def _analogies(name: str, citation: str, *files: str) -> PublicSet:
    return PublicSet(name, "analogies", citation, files)


def _similarity(name: str, citation: str, *files: str) -> PublicSet:
    return PublicSet(name, "similarity", citation, files)


def _categories(name: str, citation: str, stem: str) -> PublicSet:
    return PublicSet(name, "categorization", citation, (f"{stem}.txt",), (stem,))


PUBLIC = (
    _analogies("google", "Mikolov, Chen, Corrado and Dean 2013", "questions-words.txt", "EN-GOOGLE.txt"),
    _analogies("msr", "Mikolov, Yih and Zweig 2013", "word_relationship.questions", "EN-MSR.txt"),
    PublicSet(
        "semeval-2012-2",
        "relations",
        "Jurgens, Turney, Mohammad and Holyoak 2012",
        ("subcategories-paradigms.txt", "EN-SEMEVAL-2012-2.txt"),
    ),
    _similarity(
        "wordsim-353", "Finkelstein et al. 2002", "EN-WS-353-ALL.txt", "wordsim353.tsv", "EN-WS353.txt"
    ),
    _similarity(
        "wordsim-353-similarity",
        "Agirre et al. 2009",
        "EN-WS-353-SIM.txt",
        "wordsim_similarity_goldstandard.txt",
        "EN-WSS353.txt",
    ),
    _similarity(
        "wordsim-353-relatedness",
        "Agirre et al. 2009",
        "EN-WS-353-REL.txt",
        "wordsim_relatedness_goldstandard.txt",
        "EN-WSR353.txt",
    ),
    _similarity(
        "simlex-999",
        "Hill, Reichart and Korhonen 2015",
        "EN-SIMLEX-999.txt",
        "SimLex-999.txt",
        "simlex999.txt",
    ),
    _similarity("men", "Bruni, Tran and Baroni 2014", "EN-MEN-TR-3k.txt", "MEN_dataset_natural_form_full"),
    _similarity("mturk-287", "Radinsky et al. 2011", "EN-MTurk-287.txt", "Mtruk.csv"),
    _similarity("mturk-771", "Halawi et al. 2012", "EN-MTurk-771.txt", "MTURK-771.csv"),
    _similarity("rg-65", "Rubenstein and Goodenough 1965", "EN-RG-65.txt"),
    _similarity("mc-30", "Miller and Charles 1991", "EN-MC-30.txt"),
    _similarity("rw", "Luong, Socher and Manning 2013", "EN-RW-STANFORD.txt", "EN-RW.txt", "rw.txt"),
    _similarity("simverb-3500", "Gerz et al. 2016", "EN-SIMVERB-3500.txt", "SimVerb-3500.txt"),
    _categories("ap", "Almuhareb and Poesio 2005", "EN-AP"),
    _categories("bless", "Baroni and Lenci 2011", "EN-BLESS"),
    _categories("esslli-1a", "Baroni, Evert and Lenci 2008", "EN-ESSLI-1a"),
    _categories("esslli-2b", "Baroni, Evert and Lenci 2008", "EN-ESSLI-2b"),
    _categories("esslli-2c", "Baroni, Evert and Lenci 2008", "EN-ESSLI-2c"),
    PublicSet(
        "8-8-8",
        "outliers",
        "Camacho-Collados and Navigli 2016",
        ("8-8-8.txt",),
        ("8-8-8_Dataset", "8-8-8"),
    ),
)
