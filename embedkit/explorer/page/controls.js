import { byId, el, say } from "./dom.js";
import { isDark } from "./colors.js";
import { legendOf } from "./legend.js";

// What the map shows: its layout and its colors, and whether all is light or dark.

export function controls(app) {
  const layout = choice("Map", (name) => app.tell("layout", name));
  const color = choice("Color", (name) => paint(name));
  const theme = el("button", { type: "button", class: "icon", title: "Light or dark (d)", "aria-label": "Light or dark", onclick: () => app.tell("theme") }, "◐");
  const help = el("button", { type: "button", class: "icon", title: "Keys (?)", "aria-label": "Keys", onclick: () => byId("help").showModal() }, "?");
  byId("controls").append(layout.element, color.element, theme, help);
  let legend = el("div");
  app.maps[0].element.append(legend);
  let only = null;

  const paint = (name) => {
    if (name !== undefined && name !== color.select.value) only = null;
    if (name !== undefined) color.select.value = name;
    const make = app.colors.get(color.select.value);
    if (!make) return;
    const made = make(only);
    for (const map of app.maps) map.paint(made.colors, made.forms);
    const next = legendOf(made.legend, (kind) => { only = kind; paint(); });
    legend.replaceWith(next);
    legend = next;
  };
  color.select.addEventListener("change", () => { only = null; paint(); });

  app.on("colors", (name) => {
    fill(color.select, [...app.colors.keys()]);
    paint(name);
  });
  app.on("layouts", (name) => {
    fill(layout.select, Object.keys(app.layouts[0]));
    if (name) layout.select.value = name;
  });
  app.on("layout", (name) => {
    layout.select.value = name;
    app.maps.forEach((map, place) => {
      const points = app.layouts[place][name];
      if (points) map.place(points);
    });
  });
  app.on("repaint", (name) => {
    if (color.select.value === name) paint();
    if (layout.select.value === name) app.tell("layout", name);
  });
  app.on("theme", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", document.documentElement.dataset.theme);
    paint();
    say(isDark() ? "Dark." : "Light.");
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());
}

function choice(label, changed) {
  const select = el("select", { onchange: (event) => changed(event.target.value) });
  return { select, element: el("label", {}, `${label} `, select) };
}

function fill(select, names) {
  const now = select.value;
  select.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
  if (names.includes(now)) select.value = now;
}

// What is chosen for the next time, where the browser allows to keep it.
export function remember(name, value) {
  try {
    localStorage.setItem(`embedkit.${name}`, value);
  } catch {
    // a page within another, or opened from a file, may have no storage
  }
}

export function remembered(name) {
  try {
    return localStorage.getItem(`embedkit.${name}`);
  } catch {
    return null;
  }
}
