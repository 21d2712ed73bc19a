"""How soon the page of the explorer is seen, how smoothly its map moves, and how large it is as one file.

`python -m tests.benchmarks.bench_explorer`, with the bundled vectors, 50,000 words, in headless Chromium.
First paint is the first map with names. Frames are those of ten seconds in which the map is moved and zoomed;
drawing is what the page's own code takes of one, and the processor time of a frame is that of all processes
of the browser: it tells how many frames an idle machine would show. No graphics card is used.
"""

import os
import shutil
import statistics
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

import embedkit
from embedkit.explorer import server
from embedkit.explorer.background import Background
from embedkit.explorer.exploration import LARGEST
from embedkit.maps.neighbor_map import neighbor_map

FLAGS = ("--no-sandbox",)  # no emulated graphics card: points are drawn as on any machine without one
SECONDS = 10
REPEATS = 5
PAINTED = """() => new Promise((done) => {
  const painted = () => globalThis.explorer?.maps[0].frames;
  const look = () => (painted() ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
MOVED = """(seconds) => new Promise((done) => {
  const { camera } = explorer.maps[0];
  const [begin, times, drawn] = [performance.now(), [], []];
  const draw = explorer.maps[0].draw.bind(explorer.maps[0]);
  explorer.maps[0].draw = () => { const at = performance.now(); draw(); drawn.push(performance.now() - at); };
  const step = (now) => {
    times.push(now);
    const turn = (now - begin) / 1000;
    camera.set(Math.sin(turn) / 3, Math.cos(turn) / 3, 1.5 + Math.sin(2 * turn));
    if (now - begin < 1000 * seconds) requestAnimationFrame(step);
    else done([times.slice(1).map((time, i) => time - times[i]), drawn]);
  };
  requestAnimationFrame(step);
})"""
DRAWN = """() => {
  const { renderer, camera, width, height } = explorer.maps[0];
  return Array.from({ length: 40 }, () => {
    const at = performance.now();
    renderer.draw({ camera, width, height, ratio: 1, moved: 1, size: 3.2 });
    return performance.now() - at;
  });
}"""
TYPED = """() => {
  const took = (call) => { const at = performance.now(); call(); return performance.now() - at; };
  const { space } = explorer;
  return Array.from({ length: 20 }, (_, row) => took(() => space.nearest(space.unit(row), 20)));
}"""


def main() -> None:
    """Print a line for each figure."""
    shown = embedkit.explore(embedkit.load(), largest=LARGEST)
    begin, spent = time.perf_counter(), time.process_time()
    embedkit.explore(embedkit.load())
    told("page made, processor seconds", time.process_time() - spent, f"{time.perf_counter() - begin:.2f} s")
    addresses: list[str] = []
    work = Background(shown)
    work._work = lambda: None  # clusters and t-SNE would take the cores that are measured
    work._thread = threading.Thread(target=work._work)
    thread = threading.Thread(
        target=server.serve, args=(work,), kwargs={"ready": addresses.append}, daemon=True
    )
    thread.start()
    while not addresses:
        time.sleep(0.01)
    program = os.environ.get("EMBEDKIT_BROWSER") or shutil.which("chromium")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        paints = [_first_paint(browser, addresses[0]) for _ in range(REPEATS)]
        told(
            "first paint, ms after the request",
            statistics.median(paints),
            f"of {REPEATS}, worst {max(paints):.0f}",
        )
        path = Path(folder, "page.html")
        shown.with_parts(shown.clusters()).save(path)
        told("exported page, MB, without t-SNE", path.stat().st_size / 1e6, "at most 15")
        paints = [_first_paint(browser, path.as_uri()) for _ in range(REPEATS)]
        told(
            "first paint from the file, ms",
            statistics.median(paints),
            f"of {REPEATS}, worst {max(paints):.0f}",
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        told("neighbors in the page, ms", statistics.median(page.evaluate(TYPED)), "20 of 50,000 x 96")
        told("points drawn, ms", statistics.median(page.evaluate(DRAWN)), "50,000 by the processor")
        spent = processor_seconds()
        gaps, drawn = page.evaluate(MOVED, SECONDS)
        spent = processor_seconds() - spent
        told("frames a second", 1000 / statistics.median(gaps), f"{len(gaps)} frames in {SECONDS} s")
        told(
            "drawing, ms a frame",
            statistics.median(drawn),
            f"99 of 100 below {sorted(drawn)[-len(drawn) // 100]:.1f}",
        )
        told("processor time of a frame, ms", 1000 * spent / len(gaps), "all processes of the browser")
        browser.close()
    spent = time.process_time()
    made = neighbor_map(embedkit.load().stored)
    told(
        "t-SNE, processor seconds",
        time.process_time() - spent,
        f"{made.neighbors_kept:.0%} of neighbors kept",
    )


def _first_paint(browser: object, address: str) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    milliseconds: float = page.evaluate(PAINTED)
    page.close()
    return milliseconds


def processor_seconds() -> float:
    """What all processes below this one have taken so far: the browser, and what drives it."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[path.parent.name] = fields[1]
            ticks[path.parent.name] = int(fields[11]) + int(fields[12])
    own = str(os.getpid())

    def is_below(process: str) -> bool:
        while process in parents and process != own:
            process = parents[process]
        return process == own

    below = [process for process in parents if process != own and is_below(process)]
    return sum(ticks[process] for process in below) / os.sysconf("SC_CLK_TCK")


def told(what: str, value: float, note: str) -> None:
    """Print a figure."""
    print(f"{what:36} {value:8.2f}  {note}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
