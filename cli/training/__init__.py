"""What the trainers' commands share: reading raw text, running a trainer, scores after each epoch."""
