import type { Command } from "@antiphon/protocol";

/** What an instance is asked to decide on: an order, or that time has come to what `dueMs` says. */
export type Input = Command | { readonly type: "ReachTime" };

/** What a decision may know of the world. All of it is an argument: the same arguments make the same decision. */
export interface Environment {
  readonly nowMs: number;
  /** The URL that resolves this wait, and no other. */
  callbackUrl(instance: string, wait: string): string;
  /** The secret behind `$SECRET.{path}`; undefined: there is none. Absent: the definition's own properties are asked. */
  secrets?(path: string): string | undefined;
}
