"""`Notes`: progress for tests."""

from embedkit.progress import Progress


class Notes(Progress):
    """Keeps what is said."""

    def __init__(self):
        self.notes = []

    def note(self, message):
        self.notes.append(message)
