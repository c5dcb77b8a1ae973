/** How long names are that are compared, and how many, as the time that it takes grows with both. */
const LENGTH_MAX = 64;
const CANDIDATES_MAX = 500;

/** The candidate that a misspelt name was most likely meant to be; undefined if none is near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let compared = 0;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    // A text cannot be nearer than its length differs; most candidates end here.
    if (Math.abs(candidate.length - name.length) >= least || candidate.length > LENGTH_MAX) continue;
    compared += 1;
    if (compared > CANDIDATES_MAX) return nearest;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * How many characters must be added, removed, replaced, or swapped with their neighbour to make one text the other
 * (Levenshtein's distance, with Damerau's swaps).
 */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = at(previous, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? at(beforePrevious, j - 2) + 1 : replaced;
      current.push(Math.min(replaced, swapped, at(previous, j) + 1, at(current, j - 1) + 1));
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
