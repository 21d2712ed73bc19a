import { byId, el, later, shownText } from "./dom.js";
import { matchingRows } from "./spelling.js";

// Search as one types, with close spellings: a combobox with a list of matches.

const MATCHES = 12;

export function searchBox(app, placeholder) {
  const input = byId("search");
  const list = byId("matches");
  let active = -1;
  input.placeholder = placeholder;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (row) => {
    input.value = app.facts.kind === "words" ? app.names[row] : input.value;
    close();
    app.select(row, true);
  };
  const activate = (place) => {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    active = (place + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    options[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[active].id);
  };
  const show = async () => {
    const typed = input.value;
    if (!typed.trim()) return close();
    const rows = matchingRows(typed, app.names, MATCHES);
    const own = app.space.find(typed);
    if (own >= 0 && !rows.includes(own)) rows.unshift(own);
    fill(rows.map((row) => option(row, () => choose(row))));
    if (own >= 0) return undefined;
    const found = await app.outside(typed.trim());
    if (found?.word && input.value === typed) {
      const rank = found.rank === null || found.rank === undefined ? "by its characters" : `rank ${found.rank + 1}`;
      list.prepend(el("li", { class: "option outside", role: "option", id: "match-outside", "aria-selected": "false", onpointerdown: (event) => event.preventDefault(),
        onclick: () => { close(); app.tell("arithmetic", found.word); app.tell("tab", "arithmetic"); },
      }, shownText(found.word), el("small", {}, ` not on the map, ${rank}`)));
    }
    return undefined;
  };
  const option = (row, onclick) => el("li", {
    class: "option", role: "option", id: `match-${row}`, "aria-selected": "false", onclick, onpointerdown: (event) => event.preventDefault(),
  }, shownText(app.names[row]));
  const fill = (options) => {
    list.replaceChildren(...(options.length ? options : [el("li", { class: "note" }, "No such word, and none that is spelled like it.")]));
    list.hidden = false;
    active = -1;
    input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("input", later(50, show));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      activate(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
    } else if (event.key === "Enter") {
      const options = list.querySelectorAll("[role=option]");
      const own = app.space.find(input.value);
      if (active >= 0) options[active].click();
      else if (own >= 0) choose(own);
      else if (options.length) options[0].click();
    } else if (event.key === "Escape") close();
  });
}
