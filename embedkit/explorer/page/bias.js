import { dot, largest, unitVector } from "./space.js";

// A line between two poles, where words lie on it, and what is left when words lose their part along it.
//
// With a = w . g for a word w of length 1 and a direction g, debiasing by a strength s makes w - s a g of it,
// which is what linear projection and the neutralizing step of hard debiasing do for s = 1.

const NEAREST_WORDS = 50;
const LOOKED_AT = 10_000; // most frequent words among which the most leaning are sought
const AMONG = 20_000; // most frequent words that may be neighbors

// From the mean of the right words to that of the left ones.
export function meanDirection(space, left, right) {
  const [a, b] = [left, right].map((rows) => meanOf(rows.map((row) => space.unit(row))));
  return unitVector(a.map((x, i) => x - b[i]));
}

// The first principal component of pairs, each less its mean, towards the first words of them (Bolukbasi et al.
// 2016, section 5.1).
export function pairDirection(space, pairs) {
  const halves = pairs.map(([first, second]) => {
    const [a, b] = [space.unit(first), space.unit(second)];
    return a.map((x, i) => (x - b[i]) / 2);
  });
  let direction = unitVector(meanOf(halves));
  if (!dot(direction, direction)) direction = unitVector(halves[0]);
  for (let round = 0; round < 500; round++) {
    const next = new Float64Array(space.size);
    for (const half of halves) {
      const along = dot(half, direction);
      half.forEach((x, i) => (next[i] += along * x));
    }
    const unit = unitVector(next);
    const change = 1 - Math.abs(dot(unit, direction));
    direction = unit;
    if (change < 1e-14) break;
  }
  return Float32Array.from(direction, dot(direction, meanOf(halves)) < 0 ? (x) => -x : (x) => x);
}

function meanOf(vectors) {
  const mean = new Float64Array(vectors[0].length);
  for (const vector of vectors) vector.forEach((x, i) => (mean[i] += x / vectors.length));
  return mean;
}

// The bias of a space along a direction, before and after debiasing by any strength.
export class BiasLine {
  constructor(space, direction, { left, right, neutral, specific = [] }) {
    this.space = space;
    this.along = space.products(direction); // a of each word
    this.reach = Math.max(...this.along.subarray(0, LOOKED_AT).map(Math.abs)) || 1; // the largest of frequent words
    this.spared = new Set([...specific, ...left, ...right]);
    this.neutral = neutral;
    const [a, b] = [left, right].map((rows) => meanOf(rows.map((row) => space.unit(row))));
    this.poles = Float32Array.from(a, (x, i) => x - b[i]);
    this.poleAlong = dot(this.poles, direction);
    this.near = null; // of each neutral word, the cosines with frequent words
  }

  // The share of its part along the line that a word keeps.
  keeps(row, strength) {
    return this.spared.has(row) ? 1 : 1 - strength;
  }

  // The length of a word of length 1 that keeps a share of its part along the line.
  length(row, keeps) {
    return Math.sqrt(Math.max(1 - (1 - keeps * keeps) * this.along[row] ** 2, 1e-12));
  }

  // The cosine of a word with the direction, after debiasing.
  place(row, strength = 0) {
    const keeps = this.keeps(row, strength);
    return (keeps * this.along[row]) / this.length(row, keeps);
  }

  places(strength = 0) {
    return Float32Array.from(this.along, (_, row) => this.place(row, strength));
  }

  // The words that lean most to the left and to the right among the most frequent ones that are not spared.
  extremes(count, strength = 0) {
    const places = this.places(strength).subarray(0, LOOKED_AT);
    return [largest(places, count, this.spared), largest(places.map((x) => -x), count, this.spared)
      .map(({ row, score }) => ({ row, score: -score }))];
  }

  // What is measured on the neutral words: each with its value where there is no bias.
  measures(strength) {
    const { neutral } = this;
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      direct: mean(neutral.map((row) => Math.abs(this.place(row, strength)))),
      association: mean(neutral.map((row) => Math.abs(this.association(row, strength)))),
      sameSide: mean(neutral.map((row) => this.sameSide(row, strength))),
    };
  }

  // The mean cosine with the words of the left pole less that with those of the right.
  association(row, strength) {
    const keeps = this.keeps(row, strength);
    const before = dot(this.space.unit(row), this.poles);
    return (before - (1 - keeps) * this.along[row] * this.poleAlong) / this.length(row, keeps);
  }

  // The share of a word's neighbors that leaned to its side before (Gonen and Goldberg 2019, section 4).
  sameSide(row, strength) {
    this.near ??= new Map(this.neutral.map((word) => [word, this.space.products(this.space.unit(word), AMONG)]));
    const keeps = this.keeps(row, strength);
    const cosines = this.near.get(row).map((cosine, other) => {
      const kept = this.keeps(other, strength);
      const now = cosine - (1 - keeps * kept) * this.along[row] * this.along[other];
      return now / this.length(row, keeps) / this.length(other, kept);
    });
    const near = largest(cosines, NEAREST_WORDS, new Set([row]));
    const same = near.filter(({ row: other }) => this.along[other] > 0 === this.along[row] > 0);
    return same.length / Math.max(near.length, 1);
  }
}
