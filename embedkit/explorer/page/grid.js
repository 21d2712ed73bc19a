// The points near a place: points sorted into squares.

const SIDE = 160; // squares in a row, over the plane from -1.05 to 1.05; what lies outside is in those at the edge

export class Grid {
  constructor(points) {
    this.points = points;
    const count = points.length / 2;
    this.starts = new Uint32Array(SIDE * SIDE + 1);
    const squares = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      squares[i] = squareAt(points[2 * i]) + SIDE * squareAt(points[2 * i + 1]);
      this.starts[squares[i] + 1] += 1;
    }
    for (let i = 0; i < SIDE * SIDE; i++) this.starts[i + 1] += this.starts[i];
    this.rows = new Uint32Array(count);
    const next = this.starts.slice(0, -1);
    for (let i = 0; i < count; i++) this.rows[next[squares[i]]++] = i;
  }

  // The point nearest to a place among those at most so far from it; -1 if there is none.
  nearest(x, y, far) {
    let best = -1;
    let least = far * far;
    for (let down = squareAt(y - far); down <= squareAt(y + far); down++) {
      for (let square = squareAt(x - far) + SIDE * down; square <= squareAt(x + far) + SIDE * down; square++) {
        for (let i = this.starts[square]; i < this.starts[square + 1]; i++) {
          const row = this.rows[i];
          const distance = (this.points[2 * row] - x) ** 2 + (this.points[2 * row + 1] - y) ** 2;
          if (distance < least) [best, least] = [row, distance];
        }
      }
    }
    return best;
  }
}

function squareAt(place) {
  return Math.min(Math.max(Math.floor(((place + 1.05) / 2.1) * SIDE), 0), SIDE - 1);
}
