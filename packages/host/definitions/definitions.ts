import type { Bundle, ConfigurationTexts, Definition } from "@antiphon/definition";
import type { SecretMask } from "../secret-mask.ts";
import type { Refusal } from "./refusal.ts";

/** How long a definition is waited for that is not there yet, in milliseconds. */
export const DEFINITION_WAIT_MS = 10_000;

/**
 * A definition that was deployed. Its hash pins its document and the files that this refers to. Its properties are those
 * of the newest configuration of its workflow, so another object takes its place when that changes.
 */
export interface Deployment {
  readonly hash: string;
  readonly definition: Definition;
  /** Without its configuration. */
  readonly bundle: Bundle;
  /** That of its workflow's newest deployment. Has credentials in it, and is for nobody to see. */
  readonly configuration: ConfigurationTexts;
  readonly deployedMs: number;
  /** Of two deployments, the one with the greater number came later. */
  readonly sequence: number;
  /** Whether new instances of its workflow start with it. */
  readonly current: boolean;
}

/** All definitions that were deployed, as far as this process has read them. */
export interface Definitions extends AsyncDisposable {
  /** Resolves once everything has been read that was there at the start; rejects if it is disposed of before. */
  readonly ready: Promise<void>;
  /** Hides what their `$SECRET`s are now, once they have been read. */
  readonly secrets: Pick<SecretMask, "shown">;
  /** What is known of a hash by now. */
  find(hash: string): Deployment | undefined;
  /** A definition by its hash. Waits for one that has not been read yet; rejects after `DEFINITION_WAIT_MS`. */
  get(hash: string): Promise<Deployment>;
  /** What new instances of a workflow start with; undefined: there is no such workflow, or it was retired. */
  current(workflow: string): Deployment | undefined;
  /** The newest deployment of a version of a workflow; without a version, what new instances start with. */
  named(workflow: string, version?: string): Deployment | undefined;
  /** All, in the order in which they were deployed. */
  all(): readonly Deployment[];
  /** Resolves with the first answer of `look` that is not undefined, now or after a change; rejects after `DEFINITION_WAIT_MS`. */
  until<Found>(look: () => Found | undefined, what: string): Promise<Found>;
  /**
   * Resolves once everything has been read that is in the log by now: what is not known then is not there. Rejects with
   * `LogUnavailableError` if that takes more than `DEFINITION_WAIT_MS`.
   */
  newest(): Promise<void>;
  /** Workflows of this process's folder that could not be deployed, and are not deployed since, be it again as they were. */
  refusals(): readonly Refusal[];
  /** Adds one of those. */
  refuse(refusal: Refusal): void;
  /** Calls `listener` after every change, until what is returned is called. */
  onChange(listener: () => void): () => void;
}
