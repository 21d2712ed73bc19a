import { el, number, shownText } from "./dom.js";
import { largest } from "./space.js";
import { wordList } from "./words.js";

// Two spaces: which words moved most. Vectors of rare words differ by chance, so frequent ones are looked at.

const MOST_MOVED = 40;

export function comparePanel(app) {
  const { comparison } = app.facts;
  const among = el("select", { id: "among" }, ...[1000, 5000, 10_000, 50_000].filter((count, place) => !place || count / 2 < app.names.length)
    .map((count) => el("option", { value: String(count) }, number(count))));
  const list = el("div");
  const show = () => {
    if (!app.moved) return;
    const known = app.moved.subarray(0, Number(among.value)).map((far) => (Number.isFinite(far) ? far : -1));
    list.replaceChildren(wordList(app, largest(known, MOST_MOVED), { label: "Words that moved most" }));
  };
  among.value = app.names.length > 5000 ? "10000" : "1000";
  among.addEventListener("change", show);
  app.on("arrived", (name) => name === "moved" && show());
  const [first, second] = app.spaces.map(({ facts }) => shownText(facts.name, 60));
  const how = comparison.cosine === null
    ? "Their dimensions differ, so a word's distance is the share of its 25 nearest words that changed."
    : `A word's distance is 1 − the cosine of its vectors, on average ${(1 - comparison.cosine).toFixed(2)}. ${comparison.aligned
      ? "The second space was turned onto the first." : "Neither space was turned."}`;
  const element = el("div", {},
    el("p", { class: "note" }, `${number(app.names.length)} words in common of ${first} and ${second}. ${how}`),
    el("h3", {}, "Moved most"), el("label", { for: "among" }, "among the most frequent "), among, list);
  return { id: "compare", title: "Compare", element };
}
