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

/** The log could not be reached within the adapter's limit. What was asked may or may not have happened. */
export class LogUnavailableError extends Error {
  override readonly name = "LogUnavailableError";
}
