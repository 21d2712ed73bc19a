"""Makes the pictures of the explorer in these pages, by a headless Chromium: `python docs/make_pictures.py`.

docs/cluster-scale.png is made by `python -m tests.benchmarks.bench_cluster_rounds scale`, docs/memory.png by
`python -m tests.campaigns.soak --picture docs/memory.png`; all others are drawn when the site is built.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import embedkit
from embedkit import explore

SIZE = {"width": 1000, "height": 594}
MOMENT = 1500  # ms until the map has moved to the word
WORD = "guitar"


def main() -> None:
    """Write docs/explore.png: the map of the bundled vectors, and the neighbors of a word."""
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder, "english.html")
        shown = explore(embedkit.load(), names=("english", ""))
        shown.improved().save(path)
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        page.keyboard.press("/")
        page.keyboard.type(WORD)
        page.wait_for_selector("#matches [role=option]")
        page.keyboard.press("Enter")
        page.wait_for_timeout(MOMENT)
        page.screenshot(path=Path(__file__).with_name("explore.png"))
        browser.close()


if __name__ == "__main__":
    main()
