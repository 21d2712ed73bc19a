"""schemathesis asks `embedkit serve` whatever its OpenAPI document allows, and what it forbids.

`python -m tests.campaigns.fuzz_service [--examples 100] [--seed 1]`; no answer may be a defect (500), or
another than the document says, and no key but the right one may be let in.
"""

import argparse
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CONFIG = Path(__file__).with_name("schemathesis.toml")
KEY = "a key for this campaign alone"
STARTING = 120  # seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder, "keys.txt")
        keys.write_text(KEY + "\n", encoding="utf-8")
        port = free_port()
        command = [sys.executable, "-m", "embedkit", "serve", "--port", str(port), "--keys", str(keys)]
        service = subprocess.Popen(command)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", service)
            code = fuzz(f"http://127.0.0.1:{port}/openapi.json", given)
        finally:
            service.terminate()
            service.wait(60)
    sys.exit(code)


def fuzz(document, given):
    """The exit code of schemathesis."""
    program = str(Path(sys.executable).with_name("st"))
    choices = ["--max-examples", str(given.examples), "--seed", str(given.seed)]
    header = ["-H", f"Authorization: Bearer {KEY}"]
    return subprocess.run(
        [program, "--config-file", str(CONFIG), "run", document, *choices, *header]
    ).returncode


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(url, service):
    end = time.monotonic() + STARTING
    while time.monotonic() < end and service.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=STARTING).read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit(f"no answer from {url}")


if __name__ == "__main__":
    main()
