import type { Problem } from "@antiphon/definition";

/** A workflow of the folder that could not be deployed, while others were. */
export interface Refusal {
  /** Its id; absent: its document does not say. */
  readonly id?: string;
  readonly file: string;
  readonly problems: readonly Problem[];
}
