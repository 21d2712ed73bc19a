"""What tests of the explorer share: small vectors, its modules in node, and a browser that is installed."""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.explorer.page import SOURCES

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def space():
    """200 words, w0 the most frequent, with vectors of 12 dimensions and counts."""
    matrix = np.random.default_rng(1).standard_normal((200, 12)).astype(np.float32)
    words = [f"w{row}" for row in range(200)]
    return Embeddings(matrix, Vocabulary(words, np.arange(200, 0, -1)), {"made": "by hand"})


@pytest.fixture(scope="session")
def javascript(tmp_path_factory):
    """Runs an expression of JavaScript that uses names of the page's modules, and gives its value."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    folder = tmp_path_factory.mktemp("modules")
    (folder / "package.json").write_text('{"type": "module"}')
    for path in SOURCES.glob("*.js"):
        shutil.copy(path, folder)

    def value(modules, expression, **given):
        """`given` are names that the expression may use, of values that JSON can hold."""
        imports = "\n".join(f'import * as {name} from "./{name}.js";' for name in modules)
        names = "\n".join(f"const {name} = {json.dumps(told)};" for name, told in given.items())
        program = f"{imports}\n{names}\nconsole.log(JSON.stringify({expression}));"
        path = folder / "test.js"
        path.write_text(program)
        ran = subprocess.run([node, path], capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return value


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, as it is installed; skipped where there is none.

    While it is there an event loop runs in this thread, so that tests of other modules could run none.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    program = os.environ.get("EMBEDKIT_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium is installed")
    flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=flags)
        yield opened
        opened.close()
