import { byId, el, say, shownText } from "./dom.js";
import { Parts } from "./parts.js";
import { Space } from "./space.js";
import { App } from "./app.js";
import { Camera } from "./camera.js";
import { PointMap } from "./map.js";
import { byKind, byNumber, byRank, shareOf } from "./coloring.js";
import { controls, remembered } from "./controls.js";
import { searchBox } from "./search_box.js";
import { tabs } from "./tabs.js";
import { keys } from "./keys.js";
import { updates } from "./updates.js";
import { wordPanel } from "./word_panel.js";
import { arithmeticPanel } from "./arithmetic_panel.js";
import { biasPanel } from "./bias_panel.js";
import { comparePanel } from "./compare_panel.js";
import { textPanel } from "./text_panel.js";
import { mistakesPanel } from "./mistakes_panel.js";
import { basketPanel } from "./basket_panel.js";
import { aboutPanel } from "./about_panel.js";

// The page: the first map as soon as words and places are there, then everything that needs vectors.

const PCA = "PCA";
const TSNE = "t-SNE";

async function start() {
  const theme = remembered("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  const parts = new Parts(JSON.parse(byId("manifest").textContent));
  byId("title").textContent = shownText(parts.facts.title, 60);
  const prefixes = ["a", "b"].filter((prefix) => parts.has(`${prefix}.pca`));
  const [names, ...places] = await Promise.all(["words", ...prefixes.map((prefix) => `${prefix}.pca`)].map((name) => parts.load(name)));
  const spaces = prefixes.map((prefix) => new Space(parts.facts[prefix], names));
  const app = new App(parts, names, spaces);
  drawMaps(app, places);
  controls(app);
  searchBox(app, parts.facts.kind === "words" ? "Search a word" : "Search the beginnings of texts");
  tabs(app, panelsOf(app));
  keys(app);
  app.colors.set(parts.facts.kind === "words" ? "frequency" : "order", () => byRank(names.length));
  app.tell("layouts");
  app.tell("colors");
  globalThis.explorer = app; // for whoever looks into it from the console
  await more(app, prefixes);
  document.documentElement.dataset.ready = "true";
  if (!parts.embedded) updates(app, { has: (name, values) => arrived(app, name, values) });
}

function panelsOf(app) {
  const last = [basketPanel(app), aboutPanel(app)];
  if (app.facts.kind === "texts") return [textPanel(app), ...(app.parts.has("mistakes") ? [mistakesPanel(app)] : []), ...last];
  const compare = app.spaces.length > 1 ? [comparePanel(app)] : [];
  return [wordPanel(app), arithmeticPanel(app), ...compare, biasPanel(app), ...last];
}

function drawMaps(app, places) {
  const camera = new Camera();
  places.forEach((points, place) => {
    const title = app.spaces[place].facts.name;
    const map = new PointMap(app.names, camera, {
      title: `Map of ${app.names.length} ${app.facts.kind}: ${shownText(title)}`,
      chosen: (row) => app.select(row),
      pointed: () => undefined,
    });
    if (places.length > 1) map.element.append(el("p", { class: "caption" }, shownText(title)));
    byId("maps").append(map.element);
    app.maps.push(map);
    app.layouts.push({ [PCA]: points });
    map.place(points);
  });
  app.on("select", (row, show) => {
    app.step = undefined;
    for (const map of app.maps) map.mark({ selected: row, near: [], arrows: [] });
    if (row >= 0) {
      say(shownText(app.names[row]));
      app.tell("tab", "word");
      if (show) app.maps[0].show(row, 3);
    }
  });
  app.on("near", (lists) => {
    lists.forEach((list, place) => app.maps[place].mark({ near: list.map(({ row }) => row) }));
    app.near = lists[0].map(({ row }) => row);
  });
  app.on("arrows", (arrows) => {
    for (const map of app.maps) map.mark({ arrows, selected: -1, near: [] });
    if (arrows.length) app.maps[0].frame(arrows.flatMap(({ from, to }) => [from, to]));
  });
  app.on("basket", () => app.maps.forEach((map) => map.mark({ basket: app.basket })));
}

// What may be large, and what may be missing.
async function more(app, prefixes) {
  const { parts } = app;
  for (const name of ["counts", "categories", "clusters", "moved", "texts", "explanations", "labels", "predicted", "mistakes", "probability"]) {
    if (parts.has(name)) arrived(app, name, await parts.load(name));
  }
  for (const prefix of prefixes) if (parts.has(`${prefix}.tsne`)) arrived(app, `${prefix}.tsne`, await parts.load(`${prefix}.tsne`));
  await Promise.all(prefixes.map(async (prefix, place) => {
    app.spaces[place].fill(await parts.load(`${prefix}.rows`), await parts.load(`${prefix}.factors`));
  }));
  app.tell("ready");
  if (parts.has("emoji")) await showEmoji(app);
}

async function showEmoji(app) {
  const font = new FontFace("Page Emoji", (await app.parts.load("emoji")).buffer);
  document.fonts.add(await font.load());
  for (const map of app.maps) {
    map.labels.widths.fill(0);
    map.ask();
  }
}

function arrived(app, name, values) {
  const [prefix, layout] = name.split(".");
  if (layout === "tsne") {
    const place = "ab".indexOf(prefix);
    const first = !(TSNE in app.layouts[place]);
    app.layouts[place][TSNE] = values;
    app.tell("layouts");
    if (first && place === 0 && !app.layoutChosen) app.tell("layout", TSNE);
    else if (byId("controls").querySelector("select").value === TSNE) app.maps[place].place(values);
    return;
  }
  app[name] = values;
  app.tell("arrived", name);
  if (name === "categories" || name === "clusters") {
    app.colors.set(name === "clusters" ? "cluster" : "category", (only) => byKind(values, app.facts[name].names, only));
    if (app.facts.kind === "texts" && app.colors.size > 2) app.tell("colors");
    else app.tell("colors", name === "categories" || !app.categories ? (name === "clusters" ? "cluster" : "category") : undefined);
  }
  if (name === "labels" || name === "predicted") {
    app.colors.set(name === "labels" ? "label" : "predicted label", (only) => byKind(values, app.facts.labels.names, only));
    app.tell("colors", name === "labels" ? "label" : "predicted label");
  }
  if (name === "mistakes") {
    app.colors.set("mistakes", (only) => byKind(values, ["right", "mistake"], only));
    app.tell("colors", "mistakes");
  }
  if (name === "probability") app.colors.set("probability", () => byNumber(shareOf(values), ["unsure", "sure"]));
  if (name === "moved") {
    app.colors.set("how far moved", () => byNumber(shareOf(values), ["stayed", "moved"]));
    app.tell("colors", "how far moved");
  }
}

start().catch((error) => {
  say(`The page cannot be shown: ${error.message}`);
  throw error;
});
