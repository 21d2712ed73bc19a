// Points drawn by the processor, pixel by pixel, where no graphics card computes WebGL: emulated, that takes
// longer. Points lie over one another without being mixed, frequent ones on top.

const LARGEST_DOT = 20; // pixels across

export class PixelRenderer {
  constructor(canvas) {
    this.context = canvas.getContext("2d");
    this.sharpest = 1; // pixels of the canvas in one of the page
    this.values = {};
    this.dots = []; // by size and shape, how far their pixels are from the middle
  }

  fill(name, values) {
    this.values[name] = name === "color" ? new Uint32Array(values.buffer, values.byteOffset, values.length / 4) : values;
  }

  draw({ camera, width, height, moved, size }) {
    if (this.image?.width !== width || this.image?.height !== height) {
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      this.dots = [];
    }
    const { pixels, values: { before, after, color, form } } = this;
    pixels.fill(0);
    const scale = camera.scale(width, height);
    const [middle, down] = [width / 2 - camera.x * scale, height / 2 + camera.y * scale];
    for (let row = after.length / 2 - 1; row >= 0; row--) {
      const [i, j] = [2 * row, 2 * row + 1];
      const x = before[i] + (after[i] - before[i]) * moved;
      const y = before[j] + (after[j] - before[j]) * moved;
      const left = Math.round(middle + x * scale);
      const top = Math.round(down - y * scale);
      const across = Math.max(Math.min(Math.round(size * (0.75 + (0.75 * form[j]) / 255)), LARGEST_DOT), 1);
      if (left < across || top < across || left >= width - across || top >= height - across) continue;
      const at = top * width + left;
      const steps = this.dots[4 * across + form[i]] ?? this.dot(across, form[i], width);
      for (let k = 0; k < steps.length; k++) pixels[at + steps[k]] = color[row];
    }
    this.context.putImageData(this.image, 0, 0);
  }

  // How far the pixels of a dot are from its middle in an image of so many columns.
  dot(across, shape, columns) {
    const steps = [];
    const first = -Math.floor((across - 1) / 2);
    for (let y = 0; y < across; y++) {
      for (let x = 0; x < across; x++) {
        if (isInside(shape, across, x, y)) steps.push((y + first) * columns + x + first);
      }
    }
    this.dots[4 * across + shape] = steps;
    return steps;
  }
}

// Whether a pixel belongs to a disc, a square, a diamond or a triangle.
function isInside(shape, across, x, y) {
  const [right, down] = [x, y].map((place) => Math.abs((2 * place + 1) / across - 1));
  if (across < 3 || shape === 1) return true;
  if (shape === 0) return right * right + down * down <= 1.02;
  if (shape === 2) return right + down <= 1.02;
  return right <= (y + 1) / across;
}
