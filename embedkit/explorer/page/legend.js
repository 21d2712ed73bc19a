import { el, shownText } from "./dom.js";

// What colours and shapes mean; a kind that is clicked stays in colour alone.
export function legendOf({ ends, stops, kinds, only }, chosen) {
  if (stops) {
    const bar = el("span", { class: "ramp", "aria-hidden": "true" });
    bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    return el("div", { class: "legend" }, shownText(ends[0]), bar, shownText(ends[1]));
  }
  const entries = kinds.map(({ name, kind, colour, shape }) => {
    const sign = el("span", { class: "sign", "aria-hidden": "true" }, shape);
    sign.style.color = colour;
    const pressed = only === kind;
    return el("button", {
      type: "button", class: "kind", "aria-pressed": String(pressed), onclick: () => chosen(pressed ? null : kind),
    }, sign, shownText(name, 40));
  });
  return el("div", { class: "legend", role: "group", "aria-label": "Kinds" }, ...entries);
}
