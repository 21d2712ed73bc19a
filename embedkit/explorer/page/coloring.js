import { cssColor, isDark, kindColor, kindShape, rampColor, rgbOf, SHAPES } from "./colors.js";

// Colors and shapes of all points by numbers or kinds, with the legend that explains them.

const OPACITY = 170;
const DIM = 26;

// Shapes and sizes: frequent words are larger.
function forms(count, shapeOf) {
  const made = new Uint8Array(2 * count);
  const most = Math.log(count + 1);
  for (let row = 0; row < count; row++) {
    made[2 * row] = shapeOf ? shapeOf(row) : 0;
    made[2 * row + 1] = 255 * (1 - Math.log(row + 1) / most);
  }
  return made;
}

// By numbers, `shares` between 0 and 1; NaN is gray. `ends` names what is at 0 and at 1.
export function byNumber(shares, ends, options = {}) {
  const dark = isDark();
  const table = Array.from({ length: 101 }, (_, i) => rampColor(i / 100, { ...options, dark }));
  const colors = new Uint8Array(4 * shares.length);
  for (let row = 0; row < shares.length; row++) {
    const share = shares[row];
    const known = share === share;
    const color = known ? table[Math.round(Math.min(Math.max(share, 0), 1) * 100)] : [128, 128, 128];
    colors.set([...color, known ? OPACITY : DIM], 4 * row);
  }
  const stops = table.filter((_, i) => i % 20 === 0).map(cssColor);
  return { colors, forms: forms(shares.length), legend: { ends, stops } };
}

// By kinds, the number of each point's; those without a name are gray. `only` leaves one of them in color.
export function byKind(kinds, names, only = null) {
  const colors = new Uint8Array(4 * kinds.length);
  const table = names.map((_, kind) => rgbOf(kindColor(kind)));
  kinds.forEach((kind, row) => {
    const shown = kind < names.length && (only === null || only === kind);
    colors.set([...(shown ? table[kind] : [128, 128, 128]), shown ? OPACITY + 30 : DIM], 4 * row);
  });
  const legend = {
    only,
    kinds: names.map((name, kind) => ({ name, kind, color: kindColor(kind), shape: SHAPES[kindShape(kind)] })),
  };
  return { colors, forms: forms(kinds.length, (row) => kindShape(kinds[row])), legend };
}

// Shares of values between the lowest and the highest of nearly all.
export function shareOf(values) {
  const known = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
  if (!known.length) return new Float32Array(values.length).fill(NaN);
  const low = known[Math.floor(known.length * 0.01)];
  const high = known[Math.ceil(known.length * 0.99) - 1];
  return Float32Array.from(values, (value) => (Number.isFinite(value) ? (value - low) / (high - low || 1) : NaN));
}

export function byRank(count) {
  const most = Math.log(count + 1);
  return byNumber(Float32Array.from({ length: count }, (_, row) => 1 - Math.log(row + 1) / most), ["rare", "frequent"]);
}
