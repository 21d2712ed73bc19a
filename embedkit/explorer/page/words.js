import { el, shownText } from "./dom.js";

// Lists of words with numbers, each of which selects its word.

// entries: [{row, score, note}]; scores are between -1 and 1.
export function wordList(app, entries, { label, marked = new Set(), empty = "Nothing." } = {}) {
  if (!entries.length) return el("p", { class: "note" }, empty);
  const items = entries.map(({ row, score, note }) => {
    const bar = el("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", `${Math.max(score ?? 0, 0) * 100}%`);
    const name = el("span", { class: "word", title: shownText(app.names[row], 400) }, shownText(app.names[row]));
    const value = score === undefined ? note : score.toFixed(2).replace("-", "\u2212");
    return el("li", {}, el("button", {
      type: "button", class: marked.has(row) ? "entry marked" : "entry", onclick: () => app.select(row, true),
    }, name, el("span", { class: "score" }, value ?? ""), bar));
  });
  return el("ol", { class: "words", "aria-label": label ?? "Words" }, ...items);
}

// Buttons for words that may have been meant.
export function suggestions(words, chosen) {
  const buttons = words.map((word) => el("button", { type: "button", class: "link", onclick: () => chosen(word) }, shownText(word)));
  return el("p", { class: "note" }, buttons.length ? "Did you mean " : "", ...buttons.flatMap((button, i) => (i ? [", ", button] : [button])), buttons.length ? "?" : "");
}
