import { eased, shareOfWay } from "./motion.js";

// What part of the plane is seen: a center, and how many times larger than all of it.

const LARGEST = 400;
const SMALLEST = 0.5;
const FLYING = 350; // milliseconds
const MARGIN = 0.94; // of half the smaller side, for the square from -1 to 1

export class Camera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.zoom = 1;
    this.moved = new Set(); // what is called when it moves
    this.flight = 0;
  }

  // Pixels in one unit of the plane.
  scale(width, height) {
    return (Math.min(width, height) / 2) * MARGIN * this.zoom;
  }

  toScreen(x, y, width, height) {
    const scale = this.scale(width, height);
    return [width / 2 + (x - this.x) * scale, height / 2 - (y - this.y) * scale];
  }

  toPlane(left, top, width, height) {
    const scale = this.scale(width, height);
    return [this.x + (left - width / 2) / scale, this.y - (top - height / 2) / scale];
  }

  set(x, y, zoom) {
    this.x = Math.min(Math.max(x, -2), 2);
    this.y = Math.min(Math.max(y, -2), 2);
    this.zoom = Math.min(Math.max(zoom, SMALLEST), LARGEST);
    for (const call of this.moved) call();
  }

  pan(left, top, width, height) {
    const scale = this.scale(width, height);
    this.land();
    this.set(this.x - left / scale, this.y + top / scale, this.zoom);
  }

  // Zoom so that what is at a place of the screen stays there.
  zoomAt(factor, left, top, width, height) {
    this.land();
    const [x, y] = this.toPlane(left, top, width, height);
    const zoom = Math.min(Math.max(this.zoom * factor, SMALLEST), LARGEST);
    const share = this.zoom / zoom;
    this.set(x - (x - this.x) * share, y - (y - this.y) * share, zoom);
  }

  flyTo(x, y, zoom) {
    this.land();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.set(x, y, zoom);
      return;
    }
    const from = { x: this.x, y: this.y, zoom: this.zoom };
    const begin = performance.now();
    const step = (now) => {
      const share = shareOfWay(now - begin, FLYING);
      const way = eased(share);
      this.set(from.x + (x - from.x) * way, from.y + (y - from.y) * way, from.zoom * (zoom / from.zoom) ** way);
      this.flight = share < 1 ? requestAnimationFrame(step) : 0;
    };
    this.flight = requestAnimationFrame(step);
  }

  land() {
    cancelAnimationFrame(this.flight);
  }
}
