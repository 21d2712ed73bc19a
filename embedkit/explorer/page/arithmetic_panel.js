import { el, later, shownText } from "./dom.js";
import { parseSum, quotedWord } from "./expression.js";
import { dot, largest, unitVector } from "./space.js";
import { closeRows } from "./spelling.js";
import { suggestions, wordList } from "./words.js";

// Sums of words as one types them, and analogies: a is to b as c is to what?

const ANSWERS = 12;
const NOTHING = 1e-10; // squared length of a sum of words that is taken for zero

export function arithmeticPanel(app) {
  const sum = el("input", { id: "sum", type: "text", placeholder: "king - man + woman", autocomplete: "off", autocapitalize: "off", spellcheck: false });
  const analogy = ["man", "king", "woman"].map((word, place) =>
    el("input", { type: "text", placeholder: word, "aria-label": ["a", "b", "c"][place], autocomplete: "off", autocapitalize: "off", spellcheck: false }));
  const method = el("select", { "aria-label": "Method" },
    el("option", { value: "add" }, "3CosAdd"), el("option", { value: "multiply" }, "3CosMul"));
  const answers = el("div", { "aria-live": "polite" });
  const fourth = el("output", { "aria-label": "Answer" }, "?");
  const [a, b, c] = analogy;

  const correct = (input, wrong) => (word) => {
    input.value = input.value.replace(wrong, quotedWord(word));
    input.dispatchEvent(new Event("input"));
  };
  const showSum = async () => {
    const text = sum.value;
    if (!text.trim() || !app.space.ready) return clear();
    let terms;
    try {
      terms = parseSum(text, (word) => app.space.find(word) >= 0);
    } catch (error) {
      return fail(el("p", { class: "note" }, shownText(error.message, 200)));
    }
    const vectors = await Promise.all(terms.map(({ word }) => app.vectorOf(word)));
    if (sum.value !== text) return undefined;
    const unknown = vectors.indexOf(null);
    if (unknown >= 0) return failUnknown(terms[unknown].word, sum);
    const total = new Float32Array(app.space.size);
    terms.forEach(({ weight }, place) => vectors[place].forEach((x, i) => (total[i] += weight * x)));
    if (dot(total, total) < NOTHING) return fail(el("p", { class: "note" }, "These words cancel each other out: nothing is left to look for."));
    const rows = terms.map(({ word }) => app.space.find(word));
    return show(app.space.nearest(total, ANSWERS, new Set(rows)), arrowsOf(terms, rows));
  };
  const showAnalogy = async () => {
    const typed = analogy.map((input) => input.value.trim());
    fourth.textContent = "?";
    if (typed.some((word) => !word) || !app.space.ready) return clear();
    const vectors = await Promise.all(typed.map((word) => app.vectorOf(word)));
    const unknown = vectors.indexOf(null);
    if (unknown >= 0) return failUnknown(typed[unknown], analogy[unknown]);
    const rows = typed.map((word) => app.space.find(word));
    const found = largest(analogyScores(app.space, vectors, method.value), ANSWERS, new Set(rows));
    if (found.length) fourth.textContent = shownText(app.names[found[0].row], 20);
    return show(found, (best) => [
      { from: rows[0], to: rows[1] }, { from: rows[2], to: best, dashed: true },
    ], method.value === "multiply");
  };
  const show = (found, arrows, ratios = false) => {
    const entries = ratios ? found.map(({ row, score }) => ({ row, note: score.toFixed(2) })) : found;
    answers.replaceChildren(wordList(app, entries, { label: "Answers" }));
    if (found.length) app.tell("arrows", arrows(found[0].row).filter(({ from, to }) => from >= 0 && to >= 0));
  };
  const clear = () => {
    answers.replaceChildren();
    app.tell("arrows", []);
  };
  const fail = (...children) => {
    answers.replaceChildren(...children);
    app.tell("arrows", []);
  };
  const failUnknown = (word, input) => {
    const close = closeRows(word, app.names, 3).map((row) => app.names[row]);
    fail(el("p", { class: "note" }, `“${shownText(word)}” is not among these words.`), suggestions(close, correct(input, word)));
  };
  sum.addEventListener("input", later(60, showSum));
  for (const input of [...analogy, method]) input.addEventListener("input", later(60, showAnalogy));
  app.on("arithmetic", (text) => {
    sum.value = text;
    showSum();
    sum.focus();
  });
  const element = el("div", {},
    el("label", { for: "sum" }, "A sum of words"), sum,
    el("p", { class: "note" }, "Words with blanks stand in quotes; 2*word and word/2 are weights. Words of the sum do not answer."),
    el("fieldset", {}, el("legend", {}, "Analogy"),
      el("div", { class: "analogy" }, a, el("span", {}, "is to"), b, c, el("span", {}, "is to"), fourth),
      el("label", {}, "by ", method)),
    answers);
  return { id: "arithmetic", title: "Arithmetic", element };
}

// Scores by 3CosAdd, cos(x, b - a + c), or by 3CosMul (Levy and Goldberg 2014, equation 4).
export function analogyScores(space, [a, b, c], method) {
  if (method === "add") return space.products(unitVector(b.map((x, i) => x - a[i] + c[i])));
  const [fromA, fromB, fromC] = [a, b, c].map((vector) => space.products(vector).map((cosine) => (cosine + 1) / 2));
  return fromB.map((score, row) => (score * fromC[row]) / (fromA[row] + 0.001));
}

// The way of a sum on the map: of king - man + woman from man to king, and from woman to the answer.
function arrowsOf(terms, rows) {
  const plus = rows.filter((row, place) => row >= 0 && terms[place].weight > 0);
  const minus = rows.filter((row, place) => row >= 0 && terms[place].weight < 0);
  return (best) => {
    const pairs = minus.map((from, place) => ({ from, to: plus[place] ?? best }));
    const last = plus.slice(minus.length).map((from) => ({ from, to: best, dashed: true }));
    return [...pairs, ...(last.length ? last : plus.slice(0, 1).map((from) => ({ from, to: best, dashed: true })))];
  };
}
