"""The campaign in short: a few bad files and arguments of each command that trains no network."""

import subprocess
import sys

import pytest

CASES = 3


@pytest.mark.slow
def test_bad_files_and_arguments_are_refused():
    line = [sys.executable, "-m", "tests.campaigns.hostile_input", "--short", "--cases", str(CASES)]
    campaign = subprocess.run(line, capture_output=True, text=True, check=False)
    assert campaign.returncode == 0, campaign.stderr
    total = campaign.stdout.splitlines()[-1].split("|")
    assert int(total[2]) == int(total[3]) + int(total[4]) > 100
