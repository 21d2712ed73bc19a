// Colors that people with any color vision tell apart: Okabe and Ito's for kinds, of which shapes tell more
// than eight; ramps from blue to yellow, or to orange by way of gray, for numbers.

export const KINDS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7a7a7a"];
export const SHAPES = ["●", "■", "◆", "▲"];
const RAMP = ["#00306f", "#35507c", "#66707b", "#948e77", "#c6b061", "#ffd83f"].map(rgbOf);
const TWO_SIDED = ["#2166ac", "#67a9cf", "#9a9a9a", "#ef8a62", "#c1440e"].map(rgbOf);
const DARK_RAMP = ["#3f6fd0", "#5f86c0", "#8f9aa0", "#b5ab85", "#d8c563", "#ffe45c"].map(rgbOf);

export function rgbOf(text) {
  return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
}

export function kindColor(kind) {
  return KINDS[kind % KINDS.length];
}

export function kindShape(kind) {
  return Math.floor(kind / KINDS.length) % SHAPES.length;
}

// The color at a place between 0 and 1 of a ramp.
export function rampColor(share, { twoSided = false, dark = false } = {}) {
  const ramp = twoSided ? TWO_SIDED : dark ? DARK_RAMP : RAMP;
  const at = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const low = Math.min(Math.floor(at), ramp.length - 2);
  return ramp[low].map((part, i) => Math.round(part + (ramp[low + 1][i] - part) * (at - low)));
}

export function cssColor([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
