// How far a motion is. The time of a frame may lie before the moment in which the motion began.

export function shareOfWay(milliseconds, all) {
  return Math.min(Math.max(milliseconds / all, 0), 1);
}

// Slow at both ends.
export function eased(share) {
  return share * share * (3 - 2 * share);
}
