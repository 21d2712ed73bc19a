import { shownText } from "./dom.js";

// Words along a line, as a picture: each at its place, in as many rows as they need not to overlap.

const SVG = "http://www.w3.org/2000/svg";
const ROW = 17;
const LETTER = 7; // pixels, about

// entries: [{text, place, row}], places between -1 and 1; the left of the picture is 1, as the left pole is.
export function wordLine(entries, width, chosen) {
  const rows = [];
  const middle = width / 2;
  const placed = entries.toSorted((a, b) => Math.abs(b.place) - Math.abs(a.place)).map((entry) => {
    const half = (Math.min(shownText(entry.text, 20).length, 20) * LETTER) / 2 + 3;
    const center = middle - entry.place * (middle - 8);
    const at = Math.min(Math.max(center, half), width - half);
    let line = rows.findIndex((taken) => taken.every(([low, high]) => at + half < low || at - half > high));
    if (line < 0) line = rows.push([]) - 1;
    rows[line].push([at - half, at + half]);
    return { ...entry, center, at, line };
  });
  const height = 14 + rows.length * ROW;
  const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "line", role: "img", "aria-label": "Words along the line" });
  picture.append(shape("line", { x1: 0, x2: width, y1: 5, y2: 5, class: "axis" }), shape("line", { x1: middle, x2: middle, y1: 0, y2: height, class: "axis" }));
  for (const { center, at, line } of placed) {
    picture.append(shape("line", { x1: center, x2: at, y1: 5, y2: 12 + line * ROW, class: "tie" }), shape("circle", { cx: center, cy: 5, r: 2.5 }));
  }
  for (const { text, at, line, row } of placed) {
    const down = 22 + line * ROW;
    const label = shape("text", { x: at, y: down, "text-anchor": "middle" });
    label.textContent = shownText(text, 20);
    label.addEventListener("click", () => chosen(row));
    picture.append(label);
  }
  return picture;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
