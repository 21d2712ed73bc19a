import { el, shownText } from "./dom.js";
import { wordList } from "./words.js";

// The selected text: its labels, the words that decided, and the nearest texts.

const NEAR_TEXTS = 10;
const WEAK = 0.2; // of the largest effect: what a word needs to be marked

export function textPanel(app) {
  const element = el("div");
  const show = async (row) => {
    if (row < 0) return element.replaceChildren(textsIntroduction(app));
    const body = el("p", { class: "text" }, shownText(app.texts?.[row] ?? app.names[row], 1e6));
    const near = app.space.ready ? app.space.nearest(app.space.unit(row), NEAR_TEXTS, new Set([row])) : [];
    const held = app.basket.has(row);
    element.replaceChildren(
      el("div", { class: "row" }, el("div", { class: "grow" }, ...labelsOf(app, row)),
        el("button", { type: "button", "aria-pressed": String(held), onclick: () => app.toggle(row) }, held ? "In basket" : "Add to basket")),
      body, el("h3", {}, "Nearest texts, by cosine"), wordList(app, near, { label: "Nearest texts" }));
    app.tell("near", [near]);
    const effects = await explanationOf(app, row);
    if (app.selected === row && effects.length) {
      body.replaceChildren(...highlighted(app.texts[row], effects));
      body.after(el("p", { class: "note" }, "Marked words decided: ", el("mark", { class: "for" }, "for"), " the label, or ", el("mark", { class: "against" }, "against"), " it, as leaving each out shows."));
    }
    return undefined;
  };
  app.on("select", show);
  app.on("ready", () => show(app.selected));
  app.on("basket", () => show(app.selected));
  show(-1);
  return { id: "word", title: "Text", element };
}

function textsIntroduction(app) {
  const { total, accuracy, a } = app.facts;
  const drawn = total > a.shown ? `, drawn from ${total.toLocaleString("en")}` : "";
  const right = accuracy === undefined ? "" : ` The classifier is right on ${(100 * accuracy).toFixed(1)} % of them.`;
  const unknown = a.unknown ? ` ${a.unknown.toLocaleString("en")} have no word that the vectors know.` : "";
  return el("p", { class: "note" }, `${a.shown.toLocaleString("en")} texts are on the map${drawn}.${right}${unknown} Click one to read it.`);
}

function labelsOf(app, row) {
  const { names } = app.facts.labels;
  const name = (kinds) => shownText(names[kinds[row]] ?? "other", 60);
  const found = [];
  if (app.labels) found.push(el("div", {}, "label ", el("b", {}, name(app.labels))));
  if (app.predicted) {
    const wrong = app.mistakes?.[row] ? " – a mistake" : "";
    found.push(el("div", {}, "predicted ", el("b", {}, name(app.predicted)), ` with probability ${app.probability[row].toFixed(2)}${wrong}`));
  }
  if (app.texts && app.texts[row].length >= app.facts.a.cut) found.push(el("p", { class: "note" }, "Only the beginning is shown, and explained."));
  return found;
}

async function explanationOf(app, row) {
  if (!app.facts.model) return [];
  if (app.parts.embedded) return app.explanations?.[row] ?? [];
  return app.parts.ask(`explanation/${row}`).catch(() => []);
}

// The text with its deciding words marked; places count characters, of which some are two in JavaScript.
export function highlighted(text, effects) {
  const letters = [...text];
  const most = Math.max(...effects.map(([, , effect]) => Math.abs(effect))) || 1;
  const pieces = [];
  let at = 0;
  for (const [begin, end, effect] of effects) {
    pieces.push(shownText(letters.slice(at, begin).join(""), 1e6));
    const word = shownText(letters.slice(begin, end).join(""), 1e6);
    const share = Math.abs(effect) / most;
    if (share < WEAK) pieces.push(word);
    else {
      const mark = el("mark", { class: effect > 0 ? "for" : "against", title: `${effect > 0 ? "+" : "−"}${Math.abs(effect).toFixed(2)} log-odds` }, word);
      mark.style.setProperty("--share", share.toFixed(2));
      pieces.push(mark);
    }
    at = end;
  }
  return [...pieces, shownText(letters.slice(at).join(""), 1e6)];
}
