"""The campaign in short: one command is killed a few times."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_killed_runs_lose_nothing():
    line = [sys.executable, "-m", "tests.campaigns.kill", "--kills", "2", "--only", "convert"]
    campaign = subprocess.run(line, capture_output=True, text=True, check=False)
    assert campaign.returncode == 0, campaign.stderr
    assert "made when given again" in campaign.stdout
