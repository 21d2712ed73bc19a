// Sums of words as people write them: king - man + woman, 0.5*paris + berlin, 2 (king + 'new york').
// The rules are those of `embedkit neighbors`; embedkit/vectors/expression_parser.py tells them.

const NUMBER = "(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?";
const SIGN = /[-\u2212+](?=[\s('"]|\.?\d|$)/y;
const FACTOR = new RegExp(`\\s*(?:[*\u00d7]|(/))\\s*(${NUMBER})(?=[\\s)/*\u00d7]|$)`, "y");
const TIMES = new RegExp(`(${NUMBER})\\s*[*\u00d7]\\s*`, "y");
const WEIGHT = new RegExp(`(${NUMBER})(?=\\(|\\s+(?![-\u2212+/*\u00d7](?:\\s|$))[^\\s)])\\s*`, "y");
const QUOTED = /'((?:[^']|'')+)'(?=[\s)/*\u00d7]|$)|"((?:[^"]|"")+)"(?=[\s)/*\u00d7]|$)/y;
const RUN = /\S+/y;
const BLANKS = /\s*/y;
const SYMBOL = /^[-\u2212+/*\u00d7]$/;
const ATTACHED = new RegExp(`^(.+?)[*\u00d7]${NUMBER}$`);
const OPERATOR = new RegExp(`(?<!\\S)[-\u2212+*\u00d7](?!\\S)|${NUMBER}[*\u00d7]|[*\u00d7]${NUMBER}(?!\\S)`);
const DEEPEST = 100; // parentheses within one another

// The terms of a text, [{word, weight}]; throws an Error that tells what was expected.
export function parseSum(text, known) {
  const plain = text.trim();
  if (known(plain) || plain.length < 2) return [{ word: plain, weight: 1 }];
  try {
    return new SumParser(plain, known).whole();
  } catch (error) {
    if (OPERATOR.test(plain)) throw error;
    return [{ word: plain, weight: 1 }];
  }
}

class SumParser {
  constructor(text, known) {
    this.text = text;
    this.known = known;
    this.at = 0;
    this.depth = 0;
  }

  whole() {
    const terms = this.sum();
    if (this.at < this.text.length) this.fail("expected + or - between blanks");
    return terms;
  }

  sum() {
    const terms = [];
    let sign = this.sign() ?? 1;
    for (;;) {
      terms.push(...scaledTerms(this.product(), sign));
      this.take(BLANKS);
      sign = this.sign();
      if (sign === null) return terms;
    }
  }

  sign() {
    this.take(BLANKS);
    const found = this.take(SIGN);
    return found === null ? null : found[0] === "+" ? 1 : -1;
  }

  product() {
    let weight = this.sign() ?? 1;
    this.take(BLANKS);
    let found;
    while (!this.isKnownRun() && (found = this.take(TIMES) ?? this.take(WEIGHT))) weight *= Number(found[1]);
    const terms = this.operand();
    while ((found = this.take(FACTOR))) {
      const factor = Number(found[2]);
      if (found[1] && !factor) this.fail("expected no division by 0");
      weight = found[1] ? weight / factor : weight * factor;
    }
    return scaledTerms(terms, weight);
  }

  operand() {
    const run = this.run();
    if (run && this.known(run)) {
      this.at += run.length;
      return [{ word: run, weight: 1 }];
    }
    const quoted = this.take(QUOTED);
    if (quoted) {
      const quote = quoted[0][0];
      return [{ word: (quoted[1] ?? quoted[2]).replaceAll(quote + quote, quote), weight: 1 }];
    }
    if (run.startsWith("(")) return this.parenthesized();
    const word = this.word(run);
    if (!word) this.fail("expected a word");
    if (word[0] === "'" || word[0] === '"') this.fail(`expected a second ${word[0]} to close the quote`);
    this.at += word.length;
    return [{ word, weight: 1 }];
  }

  parenthesized() {
    this.at += 1;
    this.depth += 1;
    if (this.depth > DEEPEST) this.fail(`expected at most ${DEEPEST} parentheses in one another`);
    const terms = this.sum();
    this.depth -= 1;
    if (this.text[this.at] !== ")") this.fail("expected ) for a (");
    this.at += 1;
    return terms;
  }

  // The word that a run begins with: without a weight behind it, and without ) that it does not open.
  word(run) {
    let depth = 0;
    for (let i = 0; i < run.length; i++) {
      depth += run[i] === "(" ? 1 : run[i] === ")" ? -1 : 0;
      if (depth < 0) {
        run = this.known(run.slice(0, i + 1)) ? run.slice(0, i + 1) : run.slice(0, i);
        break;
      }
    }
    const attached = ATTACHED.exec(run);
    return attached ? attached[1] : SYMBOL.test(run) ? "" : run;
  }

  run() {
    RUN.lastIndex = this.at;
    return RUN.exec(this.text)?.[0] ?? "";
  }

  isKnownRun() {
    WEIGHT.lastIndex = this.at;
    const run = this.run();
    return run !== "" && this.known(run) && !WEIGHT.test(this.text);
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  fail(expected) {
    throw new Error(`${expected}, got ${this.at < this.text.length ? `“${this.run() || this.text[this.at]}”` : "the end"}`);
  }
}

function scaledTerms(terms, factor) {
  return factor === 1 ? terms : terms.map(({ word, weight }) => ({ word, weight: weight * factor }));
}

// A word as it is written in a sum: in quotes unless it is plain.
export function quotedWord(word) {
  const bare = /^(?![\d.])[^-\u2212+/*\u00d7\s()'"][^/*\u00d7\s()"]*$/;
  return bare.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
}
