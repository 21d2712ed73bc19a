import { BiasLine, meanDirection, pairDirection } from "./bias.js";
import { byNumber } from "./coloring.js";
import { el, later, shownText } from "./dom.js";
import { wordLine } from "./word_line.js";
import { wordList } from "./words.js";

// A line between two poles of words, or of a topic: words along it, and debiasing by any strength.

const AXIS = "bias axis";
const MEASURED = 60; // neutral words, the most frequent
const LINED = 24; // of them on the line
const LEANING = 10;
const OWN_SIDES = ["left pole", "right pole"];
const MEASURES = [
  ["direct", "Mean cosine with the line", 0, "DirectBias of Bolukbasi et al. 2016"],
  ["association", "Mean difference of cosines with the poles", 0, "without a sign"],
  ["sameSide", "Neighbors that lean to the same side", 0.5, "Gonen and Goldberg 2019: what debiasing leaves behind"],
];

export function biasPanel(app) {
  const { topics = [] } = app.facts;
  const topic = el("select", { id: "topic" }, ...linesOf(topics).map(({ label }, place) => el("option", { value: String(place) }, label)), el("option", { value: "own" }, "own poles"));
  const field = (label) => el("textarea", { rows: 2, "aria-label": label, placeholder: label, autocapitalize: "off", spellcheck: false });
  const [left, right, neutral] = ["Words of the left pole", "Words of the right pole", "Words that should be neutral"].map(field);
  const strength = el("input", { type: "range", min: "0", max: "100", value: "0", id: "strength" });
  const share = el("output", { for: "strength" }, "0 %");
  const results = el("div");
  const told = el("p", { class: "note" });
  let line = null;
  let first = null;
  let sides = OWN_SIDES; // what the poles are called

  const rowsOf = (input) => {
    const words = input.value.split(/[\s,;]+/).filter(Boolean);
    return [...new Set(words.map((word) => app.space.find(word)).filter((row) => row >= 0))];
  };
  const begin = () => {
    if (!app.space.ready) return;
    const rows = { left: rowsOf(left), right: rowsOf(right), neutral: rowsOf(neutral).sort((a, b) => a - b).slice(0, MEASURED) };
    if (!rows.left.length || !rows.right.length) {
      line = null;
      results.replaceChildren(el("p", { class: "note" }, "Give at least one known word for each pole."));
      return;
    }
    const chosen = linesOf(topics)[topic.value];
    const pairs = (chosen?.pairs ?? []).map((pair) => pair.map((word) => app.space.find(word)));
    const direction = pairs.length ? pairDirection(app.space, pairs) : meanDirection(app.space, rows.left, rows.right);
    told.textContent = pairs.length
      ? `The line is the first principal component of ${pairs.length} ${pairs.length === 1 ? "pair" : "pairs"} of words.`
      : "The line goes from the mean of one pole to that of the other.";
    sides = chosen?.sides ?? OWN_SIDES;
    rows.specific = (chosen?.specific ?? []).map((word) => app.space.find(word));
    line = new BiasLine(app.space, direction, rows);
    first = rows.neutral.length ? line.measures(0) : null;
    app.colors.set(AXIS, () => byNumber(axisShares(), sides, { twoSided: true }));
    app.layouts.forEach((layouts) => (layouts[AXIS] = axisPoints()));
    app.tell("colors", AXIS);
    app.tell("layouts");
    show();
  };
  const degree = () => Number(strength.value) / 100;
  const axisShares = () => line.places(degree()).map((place) => 0.5 - place / line.reach / 1.2);
  const axisPoints = () => {
    const places = line.places(degree());
    const most = Math.log(places.length + 1);
    return Float32Array.from({ length: 2 * places.length }, (_, i) =>
      (i % 2 ? 1 - (2 * Math.log((i - 1) / 2 + 1)) / most : -places[i / 2] / line.reach));
  };
  const show = () => {
    share.textContent = `${strength.value} %`;
    if (!line) return;
    const widest = Math.max(...line.neutral.map((row) => Math.abs(line.place(row)))) || 1;
    const entries = line.neutral.slice(0, LINED).map((row) => ({ row, text: app.names[row], place: line.place(row, degree()) / widest }));
    const leaning = line.extremes(LEANING, degree());
    results.replaceChildren(
      ...(first ? [measureTable(first, line.measures(degree()))] : []),
      ...(entries.length ? [el("h3", {}, "Along the line"), wordLine(entries, 340, (row) => app.select(row, true))] : []),
      el("h3", {}, "Words that lean most"),
      el("div", { class: "columns" }, ...leaning.map((list, side) =>
        wordList(app, list.map(({ row, score }) => ({ row, score: Math.abs(score) })), { label: `Towards ${sides[side]}` }))));
  };
  const repaint = later(150, () => {
    if (!line) return;
    app.layouts.forEach((layouts) => (layouts[AXIS] = axisPoints()));
    app.tell("repaint", AXIS);
  });
  const choose = () => {
    const chosen = linesOf(topics)[topic.value];
    if (!chosen) return;
    [left.value, right.value, neutral.value] = [chosen.left, chosen.right, chosen.neutral].map((words) => words.join(" "));
    begin();
  };
  topic.addEventListener("change", choose);
  for (const input of [left, right, neutral]) input.addEventListener("input", later(400, () => { if (input !== neutral) topic.value = "own"; begin(); }));
  strength.addEventListener("input", () => { show(); repaint(); });
  app.on("shown", (id) => { if (id === "bias" && !line) (left.value ? begin : choose)(); });
  app.on("ready", () => app.tab === "bias" && !line && choose());
  if (!topics.length) topic.value = "own";
  const element = el("div", {},
    el("label", { for: "topic" }, "Poles "), topic, el("div", { class: "columns poles" }, left, right), told,
    el("details", {}, el("summary", {}, "Words that should be neutral"), neutral),
    el("div", { class: "row" }, el("label", { for: "strength" }, "Debiasing"), strength, share), results);
  return { id: "bias", title: "Bias", element };
}

// Of topics, one line for each class against another: of two classes one, of more each with the next.
export function linesOf(topics) {
  return topics.flatMap((topic) => {
    const names = Object.keys(topic.classes).filter((name) => topic.classes[name].length);
    const two = names.length === 2;
    const pairs = two ? [names] : names.map((name, place) => [name, names[(place + 1) % names.length]]);
    return pairs.map(([a, b]) => ({
      label: `${topic.name}: ${shownText(a)} – ${shownText(b)}`, sides: [a, b],
      left: topic.classes[a], right: topic.classes[b], neutral: topic.neutral, specific: topic.specific,
      pairs: two ? topic.definitional : [],
    }));
  });
}

function measureTable(before, now) {
  const rows = MEASURES.map(([key, name, none, source]) => el("tr", {},
    el("th", { scope: "row", title: source }, name),
    ...[before[key], now[key], none].map((value) => el("td", {}, key === "sameSide" ? `${Math.round(100 * value)} %` : value.toFixed(3)))));
  const head = ["", "before", "now", "no bias"].map((text) => el("th", { scope: "col" }, text));
  return el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
}
