// Elements made without any HTML: whatever comes from data becomes text.

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

export function say(message) {
  byId("status").textContent = message;
}

// Control characters and marks that turn the direction of text would disturb what stands around a word.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function shownText(text, longest = 80) {
  const plain = text.replace(UNSEEN, "\ufffd");
  const letters = plain.length > longest ? [...plain] : null;
  return letters && letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : plain;
}

export function number(value) {
  return value.toLocaleString("en");
}

export function later(wait, call) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), wait);
  };
}
