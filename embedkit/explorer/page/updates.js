import { byId } from "./dom.js";

// What the server makes while the page is looked at: asked for every second until all is done.

const told = (text) => (byId("progress").textContent = text);
const EVERY = 1000;

export async function updates(app, { has }) {
  const seen = {};
  for (;;) {
    let state;
    try {
      state = await app.parts.ask("state");
    } catch {
      told("The server has ended; what is on the page goes on working.");
      return;
    }
    Object.assign(app.facts, state.facts);
    for (const [name, version] of Object.entries(state.versions)) {
      if (seen[name] === version) continue;
      seen[name] = version;
      app.facts.parts[name] ??= { type: name.endsWith(".tsne") ? "Float32Array" : "Uint8Array" };
      has(name, await app.parts.load(name));
    }
    app.tell("facts");
    if (state.failure) told(state.failure);
    else if (state.task) told(`${state.task}${state.share === null ? "" : `: ${Math.round(state.share * 100)} %`}${state.seconds_left ? `, ${state.seconds_left} s left` : ""}`);
    if (state.done) {
      if (!state.failure) told("");
      return;
    }
    await new Promise((go) => setTimeout(go, document.hidden ? 5 * EVERY : EVERY));
  }
}
