import type { Frame } from "./frame.ts";

/** Thrown to leave a filter before its last output. Not an error: whoever made it catches it. */
export class Stop {
  /** The frame of the label that a `break` goes to. */
  readonly label: Frame | null;

  constructor(label: Frame | null = null) {
    this.label = label;
  }
}

/** Runs `body`, which may throw what it is given in order to end. */
export function untilStopped(body: (stop: Stop) => void): void {
  const stop = new Stop();
  try {
    body(stop);
  } catch (thrown) {
    if (thrown !== stop) throw thrown;
  }
}
