"""Language models of characters, subwords or words: n-grams with Kneser-Ney smoothing, recurrent networks."""
