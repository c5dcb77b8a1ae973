import type { Run } from "../run.ts";
import { find } from "../values/search.ts";

/** UTF-16 units that are read between two charges. */
const BATCH = 64;

/** UTF-16 units of a text for which a charge in advance does. */
const SHORT_TEXT_MAX = 256;

/** Instructions that the engine may go through for a unit, and that cost as much as reading it. */
const INSTRUCTIONS_A_UNIT = 16;

/** A text as the engine of regular expressions reads it: each unit is charged, so that no expression is out of bounds. */
class WatchedText extends String {
  readonly #text: string;
  readonly #run: Run;
  readonly #stepsABatch: number;
  #left = 0;

  constructor(text: string, programSize: number, run: Run) {
    super(text);
    this.#text = text;
    this.#run = run;
    this.#stepsABatch = (BATCH >> 3) * (1 + Math.floor(programSize / INSTRUCTIONS_A_UNIT));
  }

  override charCodeAt(at: number): number {
    if (--this.#left < 0) {
      this.#left = BATCH;
      this.#run.charge(this.#stepsABatch);
    }
    return this.#text.charCodeAt(at);
  }

  override indexOf(part: string, from = 0): number {
    return part === "" ? this.#text.indexOf(part, from) : find(this.#text, part, from, this.#run);
  }
}

/** A text for a regular expression of so many instructions, paid for as it is read. */
export function watched(text: string, programSize: number, run: Run): string {
  run.read(text);
  if (text.length > SHORT_TEXT_MAX) return new WatchedText(text, programSize, run) as unknown as string;
  run.charge(1 + (text.length >> 3) * (1 + Math.floor(programSize / INSTRUCTIONS_A_UNIT)));
  return text;
}
