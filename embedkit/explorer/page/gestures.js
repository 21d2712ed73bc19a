// Mouse, fingers and keys that move a camera, and clicks that are none of these.

const STILL = 5; // pixels that a click may move
const STEP = 60; // pixels that an arrow key moves

export function gestures(element, camera, { click, hover }) {
  const fingers = new Map();
  let way = 0;
  const place = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const size = () => [element.clientWidth, element.clientHeight];
  element.addEventListener("pointerdown", (event) => {
    if (event.button || event.target.closest("button")) return; // those of the legend are clicked, not the map
    if (!fingers.size) way = 0;
    fingers.set(event.pointerId, place(event));
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") hover(...now);
      return;
    }
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const factor = distance(now, other) / Math.max(distance(before, other), 1);
      camera.zoomAt(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2, ...size());
      way = Infinity;
    } else {
      way += distance(now, before);
      if (way > STILL) camera.pan(now[0] - before[0], now[1] - before[1], ...size());
    }
    fingers.set(event.pointerId, now);
  });
  const lift = (event) => {
    const held = fingers.delete(event.pointerId);
    if (held && event.type === "pointerup" && !fingers.size && way <= STILL) click(...place(event));
  };
  element.addEventListener("pointerup", lift);
  element.addEventListener("pointercancel", lift);
  element.addEventListener("pointerleave", () => hover(-1e6, -1e6));
  element.addEventListener("dblclick", (event) => camera.zoomAt(2, ...place(event), ...size()));
  element.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    camera.zoomAt(Math.exp(-Math.max(Math.min(event.deltaY * lines, 200), -200) * 0.002), ...place(event), ...size());
  }, { passive: false });
  element.addEventListener("keydown", (event) => {
    const [width, height] = size();
    const moves = {
      ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP],
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) camera.pan(...moves[event.key], width, height);
    else if (event.key === "+" || event.key === "=") camera.zoomAt(1.5, width / 2, height / 2, width, height);
    else if (event.key === "-") camera.zoomAt(1 / 1.5, width / 2, height / 2, width, height);
    else if (event.key === "0") camera.flyTo(0, 0, 1);
    else return;
    event.preventDefault();
  });
}

function distance([x, y], [right, down]) {
  return Math.hypot(right - x, down - y);
}
