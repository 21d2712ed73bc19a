"""The campaign in short: bad files and arguments of some commands that begin at once."""

import subprocess
import sys

import pytest

COMMANDS = ("tokenize", "convert", "neighbors", "evaluate", "info", "combine", "train-lm")
CASES = 8


@pytest.mark.slow
def test_bad_files_and_arguments_are_refused():
    only = [word for command in COMMANDS for word in ("--only", command)]
    line = [sys.executable, "-m", "tests.campaigns.hostile_input", "--short", "--cases", str(CASES), *only]
    campaign = subprocess.run(line, capture_output=True, text=True, check=False)
    assert campaign.returncode == 0, campaign.stderr
    total = campaign.stdout.splitlines()[-1].split("|")
    assert int(total[2]) == int(total[3]) + int(total[4]) == CASES * len(COMMANDS)
