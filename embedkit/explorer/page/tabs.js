import { byId, el } from "./dom.js";

// Views of which one is seen, by the pattern of tabs: arrow keys go from one to the next.
export function tabs(app, panels) {
  const bar = byId("tabs");
  const place = byId("panels");
  const show = (id, focus = false) => {
    for (const panel of panels) {
      const chosen = panel.id === id;
      panel.tab.setAttribute("aria-selected", String(chosen));
      panel.tab.tabIndex = chosen ? 0 : -1;
      panel.holder.hidden = !chosen;
      if (chosen && focus) panel.tab.focus();
    }
    app.tab = id;
    app.tell("shown", id);
  };
  for (const panel of panels) {
    panel.tab = el("button", { type: "button", role: "tab", id: `tab-${panel.id}`, "aria-controls": `panel-${panel.id}`, onclick: () => show(panel.id) }, panel.title);
    panel.holder = el("div", { role: "tabpanel", id: `panel-${panel.id}`, "aria-labeledby": `tab-${panel.id}`, tabindex: "0" }, panel.element);
    bar.append(panel.tab);
    place.append(panel.holder);
  }
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = panels.findIndex((panel) => panel.id === app.tab);
    show(panels[(at + step + panels.length) % panels.length].id, true);
  });
  app.on("tab", (id) => panels.some((panel) => panel.id === id) && show(id));
  app.on("basket", () => {
    const basket = panels.find((panel) => panel.id === "basket");
    basket.tab.textContent = app.basket.size ? `${basket.title} (${app.basket.size})` : basket.title;
  });
  show(panels[0].id);
}
