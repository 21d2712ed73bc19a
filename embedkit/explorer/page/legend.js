import { el, shownText } from "./dom.js";

// What colors and shapes mean; a kind that is clicked stays in color alone.
export function legendOf({ ends, stops, kinds, only }, chosen) {
  if (stops) {
    const bar = el("span", { class: "ramp", "aria-hidden": "true" });
    bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    return el("div", { class: "legend" }, shownText(ends[0]), bar, shownText(ends[1]));
  }
  const entries = kinds.map(({ name, kind, color, shape }) => {
    const sign = el("span", { class: "sign", "aria-hidden": "true" }, shape);
    sign.style.color = color;
    const pressed = only === kind;
    return el("button", {
      type: "button", class: "kind", "aria-pressed": String(pressed), onclick: () => chosen(pressed ? null : kind),
      tabIndex: kind === (only ?? 0) ? 0 : -1,
    }, sign, shownText(name, 40));
  });
  const walk = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.stopPropagation();
    entries[(entries.indexOf(document.activeElement) + step + entries.length) % entries.length].focus();
  };
  return el("div", { class: "legend", role: "toolbar", "aria-label": "Kinds", onkeydown: walk }, ...entries);
}
