"""Norms of gradients and means of gates as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.neural.cell_walks import TextGates
from embedkit.neural.gradient_reach import GradientReach
from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import DIGITS, json_line, plain

ROWS = 12  # distances in the table at most; the other styles and the plot have all


def reach_lines(reaches: Sequence[GradientReach], style: str) -> str:
    """The norms of cells by distance; json: one object with all of them, tsv: a line a distance."""
    if style == "json":
        cells = [
            {"cell": reach.name, "norms": reach.norms.tolist()}
            | ({} if reach.recalled is None else {"recalled": round(reach.recalled, DIGITS)})
            for reach in reaches
        ]
        return json_line({"cells": cells})
    names, last = [reach.name for reach in reaches], len(reaches[0].norms) - 1
    if style == "tsv":
        rows = [[steps, *(float(reach.norms[steps]) for reach in reaches)] for steps in range(last + 1)]
        return "\n".join(tsv_lines(["steps", *names], rows))
    chosen = np.unique(np.geomspace(1, last + 1, ROWS).round().astype(int)) - 1
    columns = [Column("steps back", True), *(Column(name, True) for name in names)]
    shown = [[str(steps), *(f"{reach.norms[steps]:.2e}" for reach in reaches)] for steps in chosen]
    table = text_table(Table(columns, shown))
    told = [
        f"{reach.name} recalls the first symbol behind {last} others in {100 * reach.recalled:.1f} %"
        for reach in reaches
        if reach.recalled is not None
    ]
    return "\n".join([table, *told])


def gate_lines(found: TextGates, style: str) -> str:
    """The mean of each gate at each token; json: one object with all units, tsv: a line a token and gate."""
    if style == "json":
        gates = [
            {"layer": gate.layer, "gate": gate.gate, "values": gate.values.round(DIGITS).tolist()}
            for gate in found.gates
        ]
        return json_line({"tokens": found.tokens, "gates": gates})
    names = [f"{gate.layer} {gate.gate}" for gate in found.gates]
    means = [gate.values.mean(axis=1) for gate in found.gates]
    labels = [plain(token) for token in found.tokens]
    if any(len(mean) != len(labels) for mean in means):
        labels = [str(place) for place in range(1, 1 + max(map(len, means)))]
    if style == "tsv":
        rows = [
            [label, gate.layer, gate.gate, float(value)]
            for gate, mean in zip(found.gates, means, strict=True)
            for label, value in zip(labels, mean, strict=False)
        ]
        return "\n".join(tsv_lines(["token", "layer", "gate", "mean"], rows))
    columns = [Column("token"), *(Column(name, True) for name in names)]
    shown = [
        [label, *(f"{mean[place]:.3f}" if place < len(mean) else "" for mean in means)]
        for place, label in enumerate(labels)
    ]
    return text_table(Table(columns, shown))
