import type { Next } from "@antiphon/definition";
import { compileProduce, type ProduceEvent } from "../events/produce.ts";
import type { Language } from "../language/language.ts";

/** Where a state leads, ready to go: what is published on the way, then another state or the end. */
export interface Way {
  readonly next: Next;
  readonly produce: readonly ProduceEvent[];
  /** It leads out of an error that was caught. */
  readonly isError?: true;
}

export function compileWay(language: Language, next: Next): Way {
  return { next, produce: next.produce.map((produce) => compileProduce(language, produce)) };
}
