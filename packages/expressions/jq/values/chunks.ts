import type { Run } from "../run.ts";

/** UTF-16 units of a text that are worked on between two charges. */
const CHUNK = 4_096;

/**
 * A text in pieces that are short enough to be worked on at once; none ends between two halves of a surrogate pair. Each
 * is charged before it is handed out, at so many UTF-16 units a step.
 */
export function* chunksOf(text: string, unitsAStep: number, run: Run): Generator<string, void> {
  run.read(text);
  for (let from = 0; from < text.length; ) {
    let end = Math.min(text.length, from + CHUNK);
    if (end < text.length && isPair(text, end - 1)) end--;
    run.charge(1 + Math.floor((end - from) / unitsAStep));
    yield text.slice(from, end);
    from = end;
  }
}

/** A text made anew, piece by piece; the length of what comes out is allowed before it is joined. */
export function rewritten(text: string, unitsAStep: number, run: Run, rewrite: (chunk: string) => string): string {
  if (text.length <= CHUNK) {
    run.read(text);
    run.charge(Math.floor(text.length / unitsAStep));
    const result = rewrite(text);
    run.allowText(result.length, 0);
    return result;
  }
  let result = "";
  for (const chunk of chunksOf(text, unitsAStep, run)) {
    const piece = rewrite(chunk);
    run.allowText(result.length + piece.length, piece.length);
    result += piece;
  }
  return result;
}

function isPair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}
