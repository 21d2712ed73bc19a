import { el, number, shownText } from "./dom.js";
import { wordList } from "./words.js";

// The selected word: what is known of it, and its nearest words with their cosines.

const NEIGHBORS = 20;

export function wordPanel(app) {
  const element = el("div");
  const show = (row) => {
    element.replaceChildren(...(row < 0 ? [introduction(app)] : details(app, row)));
  };
  app.on("select", show);
  app.on("ready", () => show(app.selected));
  app.on("basket", () => show(app.selected));
  show(-1);
  return { id: "word", title: "Word", element };
}

function introduction(app) {
  const { shown, words } = app.facts.a;
  const all = shown < words ? ` of ${number(words)}, the most frequent,` : "";
  return el("p", { class: "note" },
    `${number(shown)} words${all} are on the map. Click one, or search for it, to see its nearest words; ? shows the keys.`);
}

function details(app, row) {
  const { counts, names, basket } = app;
  const facts = [`rank ${number(row + 1)}`];
  if (counts) facts.push(`${number(counts[row])} times in the text`);
  for (const [of, names] of [[app.categories, app.facts.categories?.names], [app.clusters, app.facts.clusters?.names]]) {
    if (of && names?.[of[row]]) facts.push(`${of === app.categories ? "category" : "cluster"} ${names[of[row]]}`);
  }
  const held = basket.has(row);
  const header = el("div", { class: "row" },
    el("h2", { class: "grow" }, shownText(names[row], 200)),
    el("button", { type: "button", "aria-pressed": String(held), onclick: () => app.toggle(row) }, held ? "In basket" : "Add to basket"));
  const found = [header, el("p", { class: "note" }, shownText(facts.join(" · "), 300))];
  if (!app.space.ready) return [...found, el("p", { class: "note" }, "Vectors are on their way.")];
  return [...found, ...neighborLists(app, row)];
}

function neighborLists(app, row) {
  const lists = app.spaces.map((space) => space.nearest(space.unit(row), NEIGHBORS, new Set([row])));
  app.tell("near", lists);
  if (lists.length === 1) return [el("h3", {}, "Nearest words, by cosine"), wordList(app, lists[0], { label: "Nearest words" })];
  const sets = lists.map((list) => new Set(list.map((entry) => entry.row)));
  const columns = lists.map((list, place) => {
    const others = new Set(list.map((entry) => entry.row).filter((near) => !sets[1 - place].has(near)));
    const name = app.spaces[place].facts.name;
    return el("div", {}, el("h3", {}, shownText(name, 40)), wordList(app, list, { label: `Nearest words in ${name}`, marked: others }));
  });
  return [
    el("p", { class: "note" }, "Nearest words, by cosine; those that are near in one space alone are marked."),
    el("div", { class: "columns" }, ...columns),
  ];
}
