"""Cells by the names that files and commands give them."""

from __future__ import annotations

from collections.abc import Mapping

from embedkit.neural.cells.cell import RecurrentCell
from embedkit.neural.cells.gru import GRUCell
from embedkit.neural.cells.lstm import LSTMCell
from embedkit.neural.cells.simple_rnn import SimpleRNNCell

CELLS: Mapping[str, type[RecurrentCell]] = {"lstm": LSTMCell, "gru": GRUCell, "rnn": SimpleRNNCell}


def kind_shown(cell: RecurrentCell) -> str:
    """What tables and pictures call a cell: RNN, LSTM or GRU."""
    return next(name.upper() for name, kind in CELLS.items() if type(cell) is kind)
