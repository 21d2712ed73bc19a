import { unitVector } from "./space.js";
// What all parts of the page share: the words, their spaces, what is selected, and who is told of changes.

export class App {
  constructor(parts, names, spaces) {
    this.parts = parts;
    this.facts = parts.facts;
    this.names = names;
    this.spaces = spaces;
    this.maps = [];
    this.layouts = []; // of each map, points by name of layout
    this.colors = new Map(); // names of colorings -> functions that make them
    this.selected = -1;
    this.basket = new Set();
    this.calls = new Map();
  }

  get space() {
    return this.spaces[0];
  }

  on(event, call) {
    if (!this.calls.has(event)) this.calls.set(event, []);
    this.calls.get(event).push(call);
  }

  tell(event, ...values) {
    for (const call of this.calls.get(event) ?? []) call(...values);
  }

  // Select a row, -1 for none; `show` moves the map to it.
  select(row, show = false) {
    this.selected = row;
    this.tell("select", row, show);
  }

  toggle(row) {
    if (!this.basket.delete(row)) this.basket.add(row);
    this.tell("basket");
  }

  // A vector at length 1 of what is typed, also of a word that only the server knows; null if nobody does.
  async vectorOf(typed) {
    const known = this.space.unitOf(typed);
    if (known || this.parts.embedded || this.facts.kind !== "words") return known;
    const found = await this.outside(typed);
    return found?.word ? this.space.outside.get(typed) : null;
  }

  // What the server says of a word that is not on the map.
  async outside(typed) {
    if (this.parts.embedded || this.facts.kind !== "words") return null;
    const found = await this.parts.ask(`word?text=${encodeURIComponent(typed)}`).catch(() => null);
    if (found?.word) this.space.outside.set(typed, unitVector(Float32Array.from(found.vector)));
    return found;
  }
}
