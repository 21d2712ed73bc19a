// Words that begin as what is typed, hold it, or are spelled nearly so.

const LETTERS_AN_ERROR = 4; // of what is typed, for each typing error

// Rows of words, at most `count`: first those that begin with the typed text, then those that hold it, each
// in the order of words, which is that of frequency; then close spellings, the closest first.
export function matchingRows(typed, words, count, lowercase = true) {
  const wanted = folded(typed.trim());
  if (!wanted) return [];
  const begin = [];
  const within = [];
  const all = foldedWords(words);
  let exact = -1;
  for (let row = 0; row < words.length && begin.length < count; row++) {
    const word = all[row];
    const at = word.indexOf(wanted);
    if (at === 0 && word.length === wanted.length && exact < 0) exact = row;
    else if (at === 0) begin.push(row);
    else if (at > 0 && within.length < count && wanted.length > 2) within.push(row);
  }
  const found = [...(exact < 0 ? [] : [exact]), ...begin, ...within].slice(0, count);
  if (found.length >= count || exact >= 0) return found;
  const seen = new Set(found);
  return [...found, ...closeRows(typed, words, count - found.length).filter((row) => !seen.has(row))];
}

export function closeRows(typed, words, count) {
  const wanted = folded(typed.trim());
  const errors = Math.floor((wanted.length + 1) / LETTERS_AN_ERROR);
  if (!errors) return [];
  const found = [];
  foldedWords(words).forEach((word, row) => {
    if (Math.abs(word.length - wanted.length) > errors) return;
    const distance = typingErrors(wanted, word, errors);
    if (distance <= errors) found.push({ row, distance });
  });
  found.sort((a, b) => a.distance - b.distance || a.row - b.row);
  return found.slice(0, count).map(({ row }) => row);
}

// The optimal string alignment distance: letters added, left out, exchanged, or two in the wrong order;
// more than `most` once it is known to be more.
export function typingErrors(a, b, most = Infinity) {
  let before = [];
  let last = [];
  let now = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    [before, last, now] = [last, now, [i]];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, before[j - 2] + 1);
      }
      now[j] = distance;
      if (distance < least) least = distance;
    }
    if (least > most) return most + 1;
  }
  return now[b.length];
}

function folded(text) {
  return text.toLowerCase().normalize("NFC");
}

const foldedLists = new WeakMap();

function foldedWords(words) {
  let list = foldedLists.get(words);
  if (!list) {
    list = words.map(folded);
    foldedLists.set(words, list);
  }
  return list;
}
