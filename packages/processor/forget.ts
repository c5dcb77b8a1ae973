/** What is held in memory can no longer be trusted, or no longer be brought on: forget it, restore, go on. */
export class ForgetError extends Error {
  override readonly name = "ForgetError";
  /** "conflict": somebody else wrote to the log; "store": the store is not where it was left. */
  readonly why: "conflict" | "store";

  constructor(why: "conflict" | "store", message: string) {
    super(message);
    this.why = why;
  }
}
