import { el, shownText } from "./dom.js";
import { Grid } from "./grid.js";
import { Labels } from "./labels.js";
import { gestures } from "./gestures.js";
import { eased, shareOfWay } from "./motion.js";
import { rendererFor } from "./renderer.js";

const FONT = '12px system-ui, "Noto Sans", "Page Emoji", "Noto Color Emoji", sans-serif';
const BOLD = `bold ${FONT}`;
const MOVING = 700; // milliseconds
const REACH = 14; // pixels from a point within which it is meant

// A map of points with their names. `chosen(row)` is called when a point is clicked, `pointed(row)` when the
// pointer comes to another one, -1 for none.
export class PointMap {
  constructor(names, camera, { title, chosen, pointed }) {
    this.camera = camera;
    this.points = null;
    this.labels = new Labels(names.map((name) => shownText(name, 40)));
    this.marks = { selected: -1, near: [], arrows: [], basket: new Set(), hover: -1 };
    this.hidden = null;
    this.size = Math.min(3.2 * (50_000 / names.length) ** 0.15, 7); // pixels of a point when all of the map is seen
    this.moved = 1;
    this.canvas = el("canvas", { class: "points", "aria-hidden": "true" });
    this.overlay = el("canvas", { class: "overlay", role: "img", "aria-label": title });
    this.element = el("div", { class: "map", tabindex: "0", role: "application", "aria-label": title }, this.canvas, this.overlay);
    this.element.setAttribute("aria-roledescription", "map");
    this.renderer = rendererFor(this.canvas);
    this.context = this.overlay.getContext("2d");
    this.frames = 0;
    camera.moved.add(() => this.ask());
    gestures(this.element, camera, {
      click: (x, y) => chosen(this.at(x, y)),
      hover: (x, y) => this.hover(x, y, pointed),
    });
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  resize() {
    this.width = this.element.clientWidth;
    this.height = this.element.clientHeight;
    const most = devicePixelRatio || 1;
    this.ratio = Math.min(most, this.renderer.sharpest);
    this.sharpness = Math.min(most, 2);
    for (const [canvas, ratio] of [[this.canvas, this.ratio], [this.overlay, this.sharpness]]) {
      canvas.width = this.width * ratio;
      canvas.height = this.height * ratio;
    }
    this.draw();
  }

  // Let points be at other places, and move there if there were any before.
  place(points) {
    const now = this.current();
    this.points = points;
    this.grid = null;
    this.renderer.fill("before", now ?? points);
    this.renderer.fill("after", points);
    if (now && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.before = now;
      this.begin = performance.now();
      this.moved = 0;
    }
    this.ask();
  }

  // Where points are at this moment of their way.
  current() {
    if (!this.points || this.moved >= 1) return this.points;
    return this.points.map((place, i) => this.before[i] + (place - this.before[i]) * this.moved);
  }

  paint(colors, forms) {
    this.renderer.fill("color", colors);
    this.renderer.fill("form", forms);
    this.ask();
  }

  mark(changes) {
    Object.assign(this.marks, changes);
    this.ask();
  }

  at(left, top) {
    if (!this.points) return -1;
    this.grid ??= new Grid(this.points);
    const [x, y] = this.camera.toPlane(left, top, this.width, this.height);
    const row = this.grid.nearest(x, y, REACH / this.camera.scale(this.width, this.height));
    return row >= 0 && this.hidden?.(row) ? -1 : row;
  }

  hover(x, y, pointed) {
    const row = this.at(x, y);
    if (row === this.marks.hover) return;
    this.element.style.cursor = row < 0 ? "grab" : "pointer";
    this.mark({ hover: row });
    pointed(row);
  }

  show(row, zoom = 0) {
    if (row >= 0) this.camera.flyTo(this.points[2 * row], this.points[2 * row + 1], Math.max(this.camera.zoom, zoom));
  }

  // Move so that some points are seen, if one of them is not.
  frame(rows) {
    const places = rows.map((row) => [this.points[2 * row], this.points[2 * row + 1]]);
    const seen = places.every((place) => {
      const [left, top] = this.camera.toScreen(...place, this.width, this.height);
      return left > 0 && top > 0 && left < this.width && top < this.height;
    });
    if (seen) return;
    const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
    const middle = [xs, ys].map((all) => (Math.min(...all) + Math.max(...all)) / 2);
    const reach = Math.max(...[xs, ys].map((all) => (Math.max(...all) - Math.min(...all)) / 2), 0.02);
    this.camera.flyTo(...middle, Math.min(this.camera.zoom, 0.7 / reach));
  }

  // Draw with the next frame.
  ask() {
    this.asked ||= requestAnimationFrame((now) => {
      this.asked = 0;
      if (this.moved < 1) {
        const share = shareOfWay(now - this.begin, MOVING);
        this.moved = eased(share);
        if (share < 1) this.ask();
        else this.moved = 1;
      }
      this.draw();
    });
  }

  draw() {
    if (!this.points || !this.width || !this.renderer.values.color) return;
    const { camera, width, height, ratio } = this;
    const size = Math.min(this.size * camera.zoom ** 0.4, 12);
    this.renderer.draw({ camera, width, height, ratio, moved: this.moved, size });
    this.frames += 1;
    const { context } = this;
    context.setTransform(this.sharpness, 0, 0, this.sharpness, 0, 0);
    context.clearRect(0, 0, width, height);
    this.annotate(context, this.current(), width, height);
  }

  annotate(context, points, width, height) {
    const style = getComputedStyle(document.documentElement);
    const [ink, paper, accent] = ["--ink", "--paper", "--accent"].map((name) => style.getPropertyValue(name));
    const screen = (row) => this.camera.toScreen(points[2 * row], points[2 * row + 1], width, height);
    const { selected, near, arrows, basket, hover } = this.marks;
    context.lineWidth = 1;
    context.strokeStyle = accent;
    context.globalAlpha = 0.45;
    if (selected >= 0) for (const row of near) line(context, screen(selected), screen(row));
    context.globalAlpha = 1;
    for (const row of basket) ring(context, screen(row), 5, ink, 1.5);
    for (const row of near) ring(context, screen(row), 5, accent, 1.5);
    for (const { from, to, dashed } of arrows) arrow(context, screen(from), screen(to), accent, dashed);
    if (selected >= 0) ring(context, screen(selected), 8, accent, 3);
    if (hover >= 0) ring(context, screen(hover), 7, ink, 2);
    const ends = arrows.flatMap(({ from, to }) => [from, to]);
    const must = [...new Set([selected, hover, ...ends])].filter((row) => row >= 0);
    const bold = new Set(must);
    const first = [...new Set([...near, ...basket])].filter((row) => !bold.has(row));
    context.font = FONT;
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = paper;
    context.fillStyle = ink;
    const labels = this.labels.placed(context, { points, camera: this.camera, width, height, must, first, hidden: this.hidden });
    for (const { row, left, top } of labels.reverse()) {
      context.font = bold.has(row) ? BOLD : FONT;
      context.strokeText(this.labels.names[row], left, top);
      context.fillText(this.labels.names[row], left, top);
    }
  }

  // The map as it is seen, as a picture.
  picture() {
    this.draw();
    const canvas = el("canvas", { width: this.overlay.width, height: this.overlay.height });
    const context = canvas.getContext("2d");
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--paper");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.canvas, 0, 0, canvas.width, canvas.height);
    context.drawImage(this.overlay, 0, 0);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }
}

function line(context, [x, y], [right, down]) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(right, down);
  context.stroke();
}

function ring(context, [x, y], radius, color, width) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.lineWidth = width;
  context.strokeStyle = color;
  context.stroke();
}

function arrow(context, from, to, color, dashed) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = 2.5;
  context.setLineDash(dashed ? [6, 5] : []);
  line(context, from, [to[0] - 8 * Math.cos(angle), to[1] - 8 * Math.sin(angle)]);
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(...to);
  for (const side of [-0.4, 0.4]) context.lineTo(to[0] - 13 * Math.cos(angle + side), to[1] - 13 * Math.sin(angle + side));
  context.fill();
}
