"""Analogies for vectors of real English text, from the facts of the atlas corpus.

`python -m embedkit_corpora.english` writes them to english-analogies.txt, the benchmark of that name.

`atlas.questions()` asks for every fact, however rare its words. Here a pair is asked only if both words are
among the 30,000 most frequent of the Wikipedia text that the shipped vectors come from; vectors of any
sizeable English text cover them. How well vectors answer played no part in the choice, and nothing is taken
from a published set. `english-similarity.txt`, `english-categories.txt` and `english-outliers.txt`, beside
this file, say themselves how they were made.
"""

from __future__ import annotations

from pathlib import Path

from embedkit.evaluation.benchmarks.analogy_items import Question
from embedkit_corpora.atlas import facts, write_questions

PARTNERS = 5  # how many other pairs of its relation a pair is asked with

# Name -> table, from column, to column. `embedkit.evaluation` takes names that begin with a part of speech
# for syntactic relations.
RELATIONS = {
    "country-capital": ("countries", "country", "capital"),
    "country-nationality": ("countries", "country", "nationality"),
    "capital-nationality": ("countries", "capital", "nationality"),
    "male-female": ("couples", "male", "female"),
    "adjective-comparative": ("adjectives", "base", "comparative"),
    "adjective-superlative": ("adjectives", "base", "superlative"),
    "adjective-negation": ("opposites", "positive", "negative"),
    "verb-past": ("verbs", "base", "past"),
    "verb-progressive": ("verbs", "base", "progressive"),
    "noun-plural": ("nouns", "singular", "plural"),
}

# Words of these tables beyond the 30,000 most frequent, and one that mostly means another place.
LEFT_OUT = """
    abuja angrier angriest antananarivo apia astana asuncion bake bogota brasilia braver bravest busier
    calmer calmest carrot carrots cheapest cleanest congresswoman cowgirl czechia dirtier dirtiest
    dishonest disloyal disobedient fresher freshest funnier funniest godmother happiest healthiest
    hungrier hungriest illogical impatient impolite inedible kinder kindest knit knitted landlady lazier
    laziest loaves loudest luanda lusaka managua maputo merman mozambican narrowest naypyidaw nicaraguan
    noisier noisiest obedient peeled peeling policewoman quieter quietest rarer rarest reykjavik sadder
    saddest safest saleswoman schoolgirl sharper sharpest sleepier sleepiest slowest smarter smartest
    smoother smoothest softest spicier spiciest sportswoman steeper steepest stewardess sweeter sweetest
    tanzanian tegucigalpa thickest thinnest thirstier thirstiest thirsty tidy tinier tiniest ulaanbaatar
    unhelpful unimportant untidy unwise wetter wettest wove
    georgia georgian
"""


def questions() -> list[Question]:
    """Every pair of a relation, asked with `PARTNERS` others spread evenly over that relation.

    Neighbors in a table, such as Norway and Denmark, are alike, and would make the questions easier.
    """
    asked = []
    for category in RELATIONS:
        pairs = _pairs(category)
        steps = [k * len(pairs) // (PARTNERS + 1) for k in range(1, PARTNERS + 1)]
        for i, pair in enumerate(pairs):
            asked += [Question(category, *pair, *pairs[(i + step) % len(pairs)]) for step in steps]
    return asked


def _pairs(category: str) -> list[tuple[str, str]]:
    """The pairs of a relation without those that have a word in `LEFT_OUT`."""
    table, source, target = RELATIONS[category]
    left_out = frozenset(LEFT_OUT.split())
    pairs = [(str(row[source]), str(row[target])) for row in facts()[table]]
    return [pair for pair in pairs if left_out.isdisjoint(pair)]


if __name__ == "__main__":
    write_questions(Path(__file__).with_name("english-analogies.txt"), questions())
