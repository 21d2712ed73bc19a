// Names beside points: those of the most frequent words first, none over another.

const HEIGHT = 15; // pixels of a line
const CELL = 12;
const TRIED = 3000; // points within sight whose names are tried
const MOST = 140;

export class Labels {
  constructor(names) {
    this.names = names;
    this.widths = new Float32Array(names.length);
  }

  // The labels that fit, [{row, left, top, width}]; those of `must` are there whatever they hide, over,
  // under or left of their points where right of them is taken, and those of `first` are placed before all others.
  placed(context, { points, camera, width, height, must = [], first = [], hidden = null }) {
    const across = Math.ceil(width / CELL) + 1;
    const taken = new Uint8Array(across * (Math.ceil(height / CELL) + 1));
    const found = [];
    const place = (row, forced) => {
      const [x, y] = camera.toScreen(points[2 * row], points[2 * row + 1], width, height);
      if (!(x > -4 && y > 2 && x < width - 8 && y < height - 2)) return false;
      const wide = this.width(context, row);
      const [right, left] = [x + 7, x - 7 - wide];
      const side = right + wide > width && left > 0 ? left : right;
      const places = forced ? [[side, y], [side, y - 2 * CELL], [side, y + 2 * CELL], [left, y]] : [[side, y]];
      const free = ([at, top], must) => claim(taken, across, [at, top - HEIGHT / 2, at + wide, top + HEIGHT / 2], width, height, must);
      const seen = ([at, top]) => at > 0 && top > HEIGHT / 2 && top < height - HEIGHT / 2;
      let spot = places.find((each, rank) => (!rank || seen(each)) && free(each, false));
      if (!spot && forced && free(places[0], true)) [spot] = places;
      if (spot) found.push({ row, left: spot[0], top: spot[1], width: wide });
      return true;
    };
    for (const row of must) place(row, true);
    for (const row of first) place(row, false);
    const already = new Set([...must, ...first]);
    let tried = 0;
    for (let row = 0; row < this.names.length && tried < TRIED && found.length < MOST + already.size; row++) {
      if (!already.has(row) && !(hidden && hidden(row)) && place(row, false)) tried += 1;
    }
    return found;
  }

  width(context, row) {
    if (!this.widths[row]) this.widths[row] = context.measureText(this.names[row]).width;
    return this.widths[row];
  }
}

// Take the cells of a box; false, and nothing taken, if one of them is taken already.
function claim(taken, across, [left, top, right, bottom], width, height, forced) {
  const cells = [];
  const firstRow = Math.max(Math.floor(top / CELL), 0);
  const lastRow = Math.floor(Math.min(bottom, height) / CELL);
  for (let down = firstRow; down <= lastRow; down++) {
    for (let at = Math.max(Math.floor((left - 4) / CELL), 0); at <= Math.floor(Math.min(right + 4, width) / CELL); at++) {
      const cell = down * across + at;
      if (taken[cell] && !forced) return false;
      cells.push(cell);
    }
  }
  for (const cell of cells) taken[cell] = 1;
  return true;
}
