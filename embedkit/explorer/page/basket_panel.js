import { el, say, shownText } from "./dom.js";
import { wordList } from "./words.js";

// A basket of words, saved as a table or with the map as a picture.

export function basketPanel(app) {
  const element = el("div");
  const show = () => {
    const rows = [...app.basket];
    element.replaceChildren(
      el("div", { class: "row" },
        button("Save as TSV", () => save(new Blob([tableOf(app, rows)], { type: "text/tab-separated-values" }), "words.tsv"), !rows.length),
        button("Save the map as PNG", async () => save(await app.maps[0].picture(), "map.png")),
        button("Empty", () => { app.basket.clear(); app.tell("basket"); }, !rows.length)),
      wordList(app, rows.map((row) => ({ row, note: "" })), { label: "Basket", empty: "The basket is empty: b adds the selected word." }));
  };
  app.on("basket", show);
  show();
  return { id: "basket", title: "Basket", element };
}

// A table of words with what is known of them; tabs, line ends and quotes inside a word are escaped.
export function tableOf(app, rows) {
  const columns = [["word", (row) => escapedCell(app.names[row])], ["rank", (row) => row + 1]];
  if (app.counts) columns.push(["count", (row) => app.counts[row]]);
  if (app.categories) columns.push(["category", (row) => escapedCell(app.facts.categories.names[app.categories[row]] ?? "")]);
  if (app.clusters) columns.push(["cluster", (row) => app.clusters[row] + 1]);
  const { points } = app.maps[0];
  columns.push(["x", (row) => points[2 * row].toFixed(4)], ["y", (row) => points[2 * row + 1].toFixed(4)]);
  const lines = [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))];
  return lines.map((line) => `${line.join("\t")}\n`).join("");
}

function escapedCell(text) {
  return text.replace(/[\\\t\n\r]/g, (sign) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[sign]);
}

function button(text, onclick, disabled = false) {
  return el("button", { type: "button", onclick, disabled }, text);
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`Saved ${shownText(name)}.`);
}
