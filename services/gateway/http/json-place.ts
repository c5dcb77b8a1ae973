/** The longest text, in characters, of which a place is looked for: looking takes some twenty times as long as parsing. */
export const SEARCHED_LENGTH_MAX = 65_536;

/** A place in a text. Line and column are counted from 1, the offset from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/**
 * Where a text stops being JSON; undefined if it is too long to look for. The engine's own messages name the place only
 * sometimes, so it is searched for: the beginnings of a text are beginnings of JSON up to there, and not from there on.
 */
export function jsonErrorPlace(text: string): Place | undefined {
  if (text.length > SEARCHED_LENGTH_MAX) return undefined;
  let good = 0;
  let bad = text.length + 1;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isBeginning(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const lines = text.slice(0, good).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, offset: good };
}

/** Whether a text is JSON, or would be if more followed. */
function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    if (/^Unexpected end of JSON input|^Unterminated string/.test(message)) return true;
    const position = / at position (\d+)/.exec(message)?.[1];
    return position !== undefined && Number(position) >= text.length;
  }
}
