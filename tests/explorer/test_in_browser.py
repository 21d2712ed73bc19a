"""The page in a browser: what is seen and done, from a file and from the server."""

import threading
import time

import numpy as np
import pytest

import embedkit
from embedkit import Embeddings, explore, explore_texts
from embedkit.explorer import server
from embedkit.explorer.background import Background

pytestmark = pytest.mark.slow
EVIL = "<img src=x onerror=document.title='gone'>"


def until(page, expression):
    """Wait until an expression holds; what playwright has for that makes code of text, which pages forbid."""
    end = time.monotonic() + 30
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)


class Opened:
    """A page, and what went wrong on it."""

    def __init__(self, browser, address, **settings):
        self.page = browser.new_context(**settings).new_page()
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda told: told.type == "error" and self.wrong.append(told.text))
        self.requests = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]")

    def words(self, panel):
        return self.page.locator(f"#panel-{panel} .entry .word").all_text_contents()


@pytest.fixture(scope="module")
def english():
    return embedkit.load().subset(3000)


@pytest.fixture(scope="module")
def file(english, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "page.html"
    shown = explore(english, names=("english", ""))
    shown.with_parts(shown.clusters()).save(path)
    return path.as_uri()


@pytest.fixture
def opened(browser, file):
    made = Opened(browser, file)
    yield made
    assert made.wrong == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in made.requests)
    made.page.context.close()


def test_a_word_that_is_searched_shows_its_neighbors(opened, english):
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("King")
    page.wait_for_selector("#matches [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-word h2")
    assert page.locator("#panel-word h2").text_content() == "king"
    answers = english.neighbors("king", top=20)
    assert opened.words("word") == [answer.word for answer in answers]
    scores = page.locator("#panel-word .entry .score").all_text_contents()
    assert [float(score) for score in scores] == pytest.approx(
        [answer.score for answer in answers], abs=0.006
    )


def test_close_spellings_are_offered(opened):
    opened.page.fill("#search", "goverment")
    opened.page.wait_for_selector("#matches [role=option]")
    assert opened.page.locator("#matches [role=option]").first.text_content() == "government"
    opened.page.fill("#search", "qqqqqqqq")
    until(opened.page, "document.querySelector('#matches').textContent.includes('No such word')")


def test_sums_are_answered_as_they_are_typed_with_an_arrow(opened, english):
    page = opened.page
    page.keyboard.press("a")
    page.keyboard.type("king - man + woman")
    answers = [answer.word for answer in english.neighbors("king - man + woman", top=12)]
    until(page, f"document.querySelector('#panel-arithmetic .entry .word')?.textContent === '{answers[0]}'")
    assert opened.words("arithmetic") == answers
    names = "explorer.maps[0].marks.arrows.map(({ from, to }) => [explorer.names[from], explorer.names[to]])"
    assert page.evaluate(names) == [["man", "king"], ["woman", answers[0]]]
    page.fill("#sum", "king - (man")
    until(page, "document.querySelector('#panel-arithmetic').textContent.includes('expected )')")
    page.fill("#sum", "king - womman")
    page.locator("#panel-arithmetic button.link", has_text="woman").first.click()
    page.wait_for_selector("#panel-arithmetic .entry")
    assert page.input_value("#sum") == "king - woman"


def test_a_click_on_a_point_selects_it(opened):
    page = opened.page
    page.evaluate("explorer.maps[0].camera.set(explorer.maps[0].points[0], explorer.maps[0].points[1], 300)")
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#panel-word h2")
    assert page.locator("#panel-word h2").text_content() == "the"


def test_the_map_is_drawn_zoomed_and_moved(opened):
    page = opened.page
    before = page.evaluate("({ ...explorer.maps[0].camera })")
    page.locator(".map").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("({ zoom: explorer.maps[0].camera.zoom, x: explorer.maps[0].camera.x })")
    assert after["zoom"] == pytest.approx(1.5 * before["zoom"])
    assert after["x"] > before["x"]


@pytest.mark.parametrize("place", ["", "#webgl"])
def test_points_are_drawn_with_and_without_webgl(browser, file, place):
    made = Opened(browser, file + place)
    drawn = made.page.evaluate(
        """async () => {
          const { renderer } = explorer.maps[0];
          explorer.maps[0].labels.placed = () => [];
          const bitmap = await createImageBitmap(await explorer.maps[0].picture());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
          context.drawImage(bitmap, 0, 0);
          const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
          const pixels = new Uint32Array(data.buffer);
          return [renderer.constructor.name, pixels.filter((pixel) => pixel !== pixels[0]).length];
        }"""
    )
    assert drawn[0] == ("GlRenderer" if place else "PixelRenderer")
    assert 3000 < drawn[1] < 200_000  # of 3,000 points, each of some pixels
    assert made.wrong == []


def test_debiasing_changes_the_measures(opened):
    page = opened.page
    page.click("#tab-bias")
    page.wait_for_selector("#panel-bias table")
    legend = page.locator(".legend").text_content()
    assert legend == "femalemale"  # in the order of the line and of the fields
    cells = page.locator("#panel-bias tbody tr").first.locator("td")
    before, now, _ = cells.all_text_contents()
    assert float(before) == float(now) > 0.05
    page.locator("#strength").fill("100")
    assert float(cells.nth(1).text_content()) == 0
    page.locator("header select").first.select_option("bias axis")
    page.select_option("#topic", "own")
    page.locator("[aria-label='Words of the left pole']").fill("good")
    page.locator("[aria-label='Words of the right pole']").fill("bad")
    until(page, "document.querySelector('#panel-bias').textContent.includes('mean of one pole')")


def test_a_click_on_the_legend_leaves_a_kind_alone_in_color(opened):
    page = opened.page
    page.evaluate("explorer.select(-1)")
    page.locator(".kind").nth(1).click()
    assert page.locator(".kind[aria-pressed='true']").count() == 1
    assert page.evaluate("explorer.selected") == -1  # no word under the legend


def test_words_that_cancel_out_have_no_answer(opened):
    page = opened.page
    page.click("#tab-arithmetic")
    page.locator("#sum").fill("king - king")
    until(page, "document.querySelector('#panel-arithmetic').textContent.includes('cancel each other out')")
    assert page.locator("#panel-arithmetic .words").count() == 0


def test_the_best_answer_stands_in_the_analogy(opened):
    page = opened.page
    page.click("#tab-arithmetic")
    answer = page.locator("#panel-arithmetic output")
    assert answer.text_content() == "?"
    for name, word in zip("abc", ("man", "king", "woman"), strict=True):
        page.locator(f"#panel-arithmetic [aria-label='{name}']").fill(word)
    page.wait_for_selector("#panel-arithmetic .words")
    best = page.locator("#panel-arithmetic .words li").first.text_content()
    assert best.startswith(answer.text_content())


def test_a_bias_axis_looks_at_each_word_a_few_times_only(opened):
    counted = opened.page.evaluate(
        """() => {
          const { abs } = Math;
          let calls = 0;
          Math.abs = (x) => { calls += 1; return abs(x); };
          document.querySelector("#tab-bias").click();
          Math.abs = abs;
          return [explorer.colors.has("bias axis"), calls, explorer.names.length];
        }"""
    )
    assert counted[0]
    assert counted[1] < 10 * counted[2]


def test_a_basket_is_saved_as_a_table(opened):
    page = opened.page
    page.evaluate("explorer.select(explorer.space.find('king'))")
    page.keyboard.press("b")
    page.click("#tab-basket")
    assert page.locator("#tab-basket").text_content() == "Basket (1)"
    with page.expect_download() as downloading:
        page.click("text=Save as TSV")
    head, line = downloading.value.path().read_text().splitlines()
    assert head.split("\t")[:4] == ["word", "rank", "count", "cluster"]
    assert line.split("\t")[0] == "king"
    with page.expect_download() as downloading:
        page.click("text=Save the map as PNG")
    assert downloading.value.path().read_bytes().startswith(b"\x89PNG")


def test_everything_is_reached_by_keys(opened):
    page = opened.page
    seen = []
    for _ in range(10):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("((item) => item.id || item.className || item.tagName)(document.activeElement)")
        )
    assert seen[:2] == ["skip", "search"]
    assert {"map", "kind", "tab-word", "panel-word"} <= {*seen}
    page.locator("#tab-word").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#tab-arithmetic").get_attribute("aria-selected") == "true"
    page.keyboard.press("?")
    assert page.locator("#help").get_attribute("open") is not None


def test_every_control_has_a_name(opened):
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, [role]")]
          .filter((item) => !item.textContent.trim() && !item.ariaLabel && !item.labels?.length)
          .filter((item) => !["listbox", "search", "status"].includes(item.role))
          .map((item) => item.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_on_a_phone_too(browser, file, scheme):
    made = Opened(browser, file, color_scheme=scheme, viewport={"width": 360, "height": 640})
    page = made.page
    page.evaluate("explorer.select(explorer.space.find('king'))")
    ratio = page.evaluate(
        """(names) => {
          const style = getComputedStyle(document.documentElement);
          const light = (name) => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `var(${name})`;
            const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3);
            const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            const [r, g, b] = parts.map((part) => linear(part / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          return names.map(([one, other]) => {
            const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
            return (high + 0.05) / (low + 0.05);
          });
        }""",
        [["--ink", "--paper"], ["--quiet", "--raised"], ["--ink", "--bar"], ["--accent", "--raised"]],
    )
    assert min(ratio) >= 4.5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator(".map").bounding_box()
    assert box["height"] > 150
    assert made.wrong == []


def test_words_of_markup_and_control_characters_are_text(browser, tmp_path):
    words = [EVIL, "a\x00b", "\u202eevil", "<b>", "'\"&", "❤️", " ", "x" * 5000, "tab\there", "\\"]
    matrix = np.random.default_rng(1).standard_normal((len(words), 4))
    path = tmp_path / "page.html"
    explore(Embeddings(matrix, words, {EVIL: {EVIL: EVIL}}), names=(EVIL, "")).save(path)
    made = Opened(browser, path.as_uri())
    page = made.page
    for row in range(len(words)):
        page.evaluate(f"explorer.select({row}, true)")
    page.evaluate("explorer.names.forEach((_, row) => explorer.toggle(row))")
    for tab in page.locator("[role=tab]").all():
        tab.click()
    assert page.locator("img").count() == 0
    assert page.title() == EVIL
    assert page.locator("#title").text_content() == EVIL
    table = page.evaluate("explorer.names.length")
    assert table == len(words)
    assert made.wrong == []


def test_emoji_are_seen_whatever_fonts_the_system_has(browser, tmp_path):
    path = tmp_path / "page.html"
    explore(Embeddings(np.eye(2, dtype=np.float32), ["🍕", "pizza"])).save(path)
    made = Opened(browser, path.as_uri())
    until(made.page, "document.fonts.check('16px \"Page Emoji\"', '🍕') && [...document.fonts].length === 1")
    assert made.wrong == []


def test_one_word_in_one_dimension_is_a_page(browser, tmp_path):
    path = tmp_path / "page.html"
    explore(Embeddings([[2.0]], ["alone"])).save(path)
    made = Opened(browser, path.as_uri())
    made.page.evaluate("explorer.select(0, true)")
    made.page.wait_for_selector("#panel-word h2")
    assert made.page.locator("#panel-word h2").text_content() == "alone"
    assert made.wrong == []


def test_two_spaces_stand_side_by_side(browser, english, tmp_path):
    path = tmp_path / "page.html"
    other = embedkit.add(english, ["king"], [english["train"]])
    explore(english, other, names=("before", "after")).save(path)
    made = Opened(browser, path.as_uri())
    assert made.page.locator(".map").count() == 2
    made.page.click("#tab-compare")
    assert made.words("compare")[0] == "king"
    made.page.locator("#panel-compare .entry").first.click()
    made.page.wait_for_selector("#panel-word .columns")
    assert "train" in made.words("word")
    assert made.wrong == []


def test_texts_with_mistakes_and_the_words_that_decided(browser, tmp_path):
    texts = ["a wonderful film", "a terrible bore", "dull and terrible", EVIL + " wonderful"]
    labels = ["positive", "negative", "positive", "positive"]
    predictor = embedkit.load_predictor("sentiment")
    path = tmp_path / "page.html"
    explore_texts(texts, embedkit.load().subset(5000), labels, predictor).explained().save(path)
    made = Opened(browser, path.as_uri())
    made.page.click("#tab-mistakes")
    assert made.words("mistakes") == ["dull and terrible"]
    made.page.locator("#panel-mistakes .entry").click()
    made.page.wait_for_selector("#panel-word mark.for")
    assert "terrible" in made.page.locator("#panel-word .text mark.for").all_text_contents()
    made.page.evaluate("explorer.select(3)")
    until(made.page, "document.querySelector('#panel-word .text mark')")
    assert made.page.locator("#panel-word .text").text_content() == texts[3]
    assert made.wrong == []


def test_the_server_sends_what_comes_later_and_knows_rare_words(browser, english):
    pytest.importorskip("uvicorn")
    work, addresses = Background(explore(english, most_frequent=150)), []
    thread = threading.Thread(
        target=server.serve, args=(work,), kwargs={"ready": addresses.append}, daemon=True
    )
    thread.start()
    while not addresses:
        time.sleep(0.01)
    made = Opened(browser, addresses[0])
    until(
        made.page,
        "explorer.layouts[0]['t-SNE'] && explorer.clusters && !document.querySelector('#progress').innerText",
    )
    word = english.vocabulary.words[2000]
    made.page.keyboard.press("a")
    made.page.keyboard.type(f"{word} + the")
    made.page.wait_for_selector("#panel-arithmetic .entry")
    shown = set(english.vocabulary.words[:150])
    answers = english.neighbors(f"{word} + the", top=12, candidates=150)
    assert made.words("arithmetic") == [answer.word for answer in answers if answer.word in shown]
    assert made.wrong == []
