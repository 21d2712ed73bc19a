import { el } from "./dom.js";
import { largest } from "./space.js";
import { wordList } from "./words.js";

// The mistakes of a classifier, those of which it was surest first.

const MOST_MISTAKES = 100;

export function mistakesPanel(app) {
  const list = el("div");
  const show = () => {
    if (!app.mistakes || !app.probability) return;
    const sure = app.probability.map((probability, row) => (app.mistakes[row] ? probability : -Infinity));
    const wrong = largest(sure, MOST_MISTAKES);
    list.replaceChildren(
      el("p", { class: "note" }, `${app.mistakes.reduce((sum, wrong) => sum + wrong, 0)} mistakes; the classifier's probability beside each.`),
      wordList(app, wrong, { label: "Mistakes", empty: "No mistakes." }));
  };
  app.on("arrived", show);
  show();
  return { id: "mistakes", title: "Mistakes", element: list };
}
