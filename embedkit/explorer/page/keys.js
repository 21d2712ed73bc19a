import { byId, el } from "./dom.js";

// Keys that work wherever nothing is typed, and the list of all.

const KEYS = [
  ["/", "search"], ["a", "arithmetic"], ["n, p", "the next or previous of the nearest words"],
  ["b", "the selected word into the basket, or out of it"], ["f", "the map at the selected word"], ["0", "all of the map"],
  ["+, −, arrows", "zoom and move the map, when it has the focus"], ["d", "light or dark"],
  ["Esc", "nothing selected"], ["?", "these keys"],
];

export function keys(app) {
  const help = byId("help");
  help.append(
    el("h2", {}, "Keys"),
    el("dl", { class: "keys" }, ...KEYS.flatMap(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])),
    el("form", { method: "dialog" }, el("button", {}, "Close")));
  const step = (by) => {
    const near = app.near ?? [];
    if (!near.length) return;
    app.step = ((app.step ?? -1) + by + near.length) % near.length;
    app.maps[0].mark({ hover: near[app.step] });
    document.querySelectorAll("#panel-word .entry")[app.step]?.focus();
  };
  const calls = {
    "/": () => byId("search").select(),
    a: () => { app.tell("tab", "arithmetic"); byId("sum")?.focus(); },
    n: () => step(1),
    p: () => step(-1),
    b: () => app.selected >= 0 && app.toggle(app.selected),
    f: () => app.selected >= 0 && app.maps.forEach((map) => map.show(app.selected, 8)),
    0: () => app.maps[0].camera.flyTo(0, 0, 1),
    d: () => app.tell("theme"),
    Escape: () => app.select(-1),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !calls[event.key]) return;
    event.preventDefault();
    calls[event.key]();
  });
}
