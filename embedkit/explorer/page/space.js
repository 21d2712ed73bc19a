// Words and their vectors: rows of 8-bit numbers that a factor brings to length 1.

export class Space {
  constructor(facts, words) {
    this.facts = facts;
    this.words = words;
    this.size = facts.size;
    this.rows = null;
    this.factors = null;
    this.outside = new Map(); // unit vectors of words that are not on the map
    this.numbers = new Map(words.map((word, row) => [word, row]));
    for (let row = words.length - 1; row >= 0; row--) this.numbers.set(words[row], row); // the first of equals
  }

  fill(rows, factors) {
    this.rows = rows;
    this.factors = factors;
  }

  get ready() {
    return this.rows !== null;
  }

  // The row of a word as people type it; -1 if it is unknown.
  find(typed) {
    for (const form of typedForms(typed, this.facts.lowercase)) {
      const row = this.numbers.get(form);
      if (row !== undefined) return row;
    }
    return -1;
  }

  // The vector of a row at length 1.
  unit(row) {
    const vector = new Float32Array(this.size);
    const start = row * this.size;
    for (let i = 0; i < this.size; i++) vector[i] = this.rows[start + i] * this.factors[row];
    return vector;
  }

  unitOf(typed) {
    const row = this.find(typed);
    return row >= 0 ? this.unit(row) : (this.outside.get(typed) ?? null);
  }

  cosine(row, other) {
    return dot(this.unit(row), this.unit(other));
  }

  // The products of all rows, or of the first so many, at length 1 with a vector.
  products(vector, count = Infinity) {
    const { rows, factors, size } = this;
    const found = new Float32Array(Math.min(factors.length, count));
    for (let row = 0, at = 0; row < found.length; row++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += rows[at++] * vector[i];
      found[row] = sum * factors[row];
    }
    return found;
  }

  // The rows of largest cosine with a vector, best first, and without those of a set.
  nearest(vector, count, without = new Set()) {
    return largest(this.products(unitVector(vector)), count, without);
  }
}

const SELECTORS = /[\ufe0e\ufe0f]/g;
const SKINS = /\p{Emoji_Modifier}/gu;

function* typedForms(typed, lowercase) {
  const plain = typed.trim();
  yield typed;
  yield plain;
  const straight = plain.normalize("NFC").replace(/[\u2018\u2019\u02bc]/g, "'").replace(/[\u200b\u200e\u200f]/g, "");
  yield straight;
  if (lowercase) yield straight.toLowerCase();
  const bare = plain.replace(SELECTORS, "");
  yield bare;
  yield `${bare}\ufe0f`;
  if (bare.length > 1) yield bare.replace(SKINS, "");
}

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function unitVector(vector) {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((x) => x / length) : vector;
}

// The places of the largest scores, best first; of equals the first.
export function largest(scores, count, without = new Set()) {
  const best = []; // ascending
  let least = -Infinity;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if (!(score > least) || without.has(row)) continue;
    let at = best.length;
    while (at > 0 && best[at - 1].score >= score) at--;
    best.splice(at, 0, { row, score });
    if (best.length > count) best.shift();
    if (best.length === count) least = best[0].score;
  }
  return best.reverse();
}
