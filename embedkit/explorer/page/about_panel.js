import { el, number, shownText } from "./dom.js";

// What is shown, and how it was made, as the file tells it.

export function aboutPanel(app) {
  const element = el("div");
  const show = () => element.replaceChildren(...app.spaces.map((space, place) => spaceFacts(app, space.facts, "ab"[place])), ...madeOf(app));
  app.on("facts", show);
  show();
  return { id: "about", title: "About", element };
}

function spaceFacts(app, facts, prefix) {
  const { kind } = app.facts; // words or texts
  const lines = [
    [kind, kind === "words" && facts.shown < facts.words
      ? `${number(facts.shown)} most frequent of ${number(facts.words)}` : number(app.names.length)],
    ["dimensions", facts.size < facts.dimensions
      ? `${facts.dimensions}, here ${facts.size} that keep ${(100 * facts.variance_kept).toFixed(1)} % of the variance`
      : String(facts.dimensions)],
    ["numbers", facts.dtype === "int8" && facts.size === facts.dimensions
      ? "in 8 bits, as they are kept" : `${facts.dtype}; here in 8 bits, by which most cosines are off by less than 0.003`],
  ];
  const kept = app.facts[`${prefix}.kept`];
  if (kept !== undefined) lines.push(["map by t-SNE", `${Math.round(100 * kept)} % of the ${Math.min(10, app.names.length - 1)} nearest ${kind} are among the 30 nearest points`]);
  const { comparison } = app.facts;
  if (comparison && prefix === "b") {
    lines.push(["aligned", comparison.aligned ? "yes, turned onto the first by orthogonal Procrustes" : "no"]);
    if (comparison.cosine !== null) lines.push(["mean cosine", `${comparison.cosine.toFixed(3)} between the vectors of a word`]);
  }
  return el("section", {}, el("h3", {}, shownText(facts.name)), definitions(lines));
}

function madeOf(app) {
  const lines = Object.entries(app.facts.metadata ?? {}).map(([name, value]) => [name, value]);
  const font = app.facts.emoji ? [el("p", { class: "note" }, app.facts.emoji)] : [];
  return lines.length ? [...font, el("h3", {}, "How the vectors were made"), definitions(lines)] : font;
}

function definitions(lines) {
  return el("dl", {}, ...lines.flatMap(([name, value]) => [el("dt", {}, shownText(name)), el("dd", {}, tree(value))]));
}

// JSON as nested lists; long lists are cut.
function tree(value) {
  if (value === null || typeof value !== "object") return shownText(String(value), 500);
  const entries = Object.entries(value);
  const shown = entries.slice(0, 30).map(([name, inner]) => (Array.isArray(value)
    ? el("li", {}, tree(inner)) : el("li", {}, el("b", {}, `${shownText(name)}: `), tree(inner))));
  if (entries.length > 30) shown.push(el("li", {}, `… ${entries.length - 30} more`));
  return el("ul", {}, ...shown);
}
