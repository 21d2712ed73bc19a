"""How close translations are to references: BLEU, chrF and error rates, as other programs count them."""
