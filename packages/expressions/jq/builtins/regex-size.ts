/** What a class of characters by their properties costs to compile, in single characters. */
const CLASS_SIZE = 40;

/** An escape, a class, the beginning or end of a group, a count of repetitions, or a character. */
const UNIT = /\\[pP]\{[^}]*\}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(|\)|\{(\d+)(?:,(\d*))?\}|[\s\S]/g;

/**
 * What a regular expression costs to compile: its characters, what is repeated counting as often as it is repeated, and
 * its classes.
 */
export function regexSize(source: string): number {
  const outer: number[] = [];
  let classes = 0;
  let [sum, last] = [0, 0];
  for (const [unit, least, most] of source.matchAll(UNIT)) {
    if (unit === "(") {
      outer.push(sum);
      sum = 0;
      last = 0;
    } else if (unit === ")") {
      last = sum + 2;
      sum = (outer.pop() ?? 0) + last;
    } else if (least !== undefined) {
      const times = Math.max(1, Number(least), Number(most ?? 0));
      sum += last * (times - 1);
      last *= times;
    } else {
      last = 1;
      sum += 1;
      classes += unit.length > 1 ? (unit.match(/\\[pPwWdDsS]/g)?.length ?? 0) : 0;
    }
  }
  return outer.reduce((total, one) => total + one, sum) + classes * CLASS_SIZE;
}
