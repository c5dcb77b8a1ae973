/** What is held in memory can no longer be trusted, or no longer be brought on: forget it, restore, go on. */
export class ForgetError extends Error {
  override readonly name = "ForgetError";
  /** "conflict": somebody else wrote to the log; "store": the store is not where it was left; "log": another let go of what was read. */
  readonly why: "conflict" | "store" | "log";

  constructor(why: ForgetError["why"], message: string) {
    super(message);
    this.why = why;
  }
}
