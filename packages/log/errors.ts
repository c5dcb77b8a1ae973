/** One batch is larger than a log takes. Nothing of it was appended. */
export class RecordTooLargeError extends Error {
  override readonly name = "RecordTooLargeError";
  readonly sizeBytes: number;
  readonly limitBytes: number;

  constructor(sizeBytes: number, limitBytes: number) {
    super(`the batch has ${sizeBytes} bytes, expected at most ${limitBytes}`);
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }
}

/** A topic is not what this deployment was made with. Going on would send keys to other partitions than before. */
export class TopicMismatchError extends Error {
  override readonly name = "TopicMismatchError";
}

/**
 * A reader stands where its partition is not any more: the topic was made anew, or cut off at its end. What has come since
 * begins at `next`, or somewhat behind it: to begin there repeats records rather than to miss one.
 */
export class PlaceLostError extends Error {
  override readonly name = "PlaceLostError";
  readonly next: number;

  /** `found` completes a sentence: expected this and that, found …. */
  constructor(topic: string, partition: number, expected: string, found: string, next: number) {
    super(`partition ${partition} of "${topic}": expected ${expected}, found ${found}: it was made anew or cut off`);
    this.next = next;
  }
}

/** The log could not be reached within the adapter's limit. What was asked may or may not have happened. */
export class LogUnavailableError extends Error {
  override readonly name = "LogUnavailableError";
}
