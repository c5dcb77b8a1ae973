import type { Next } from "@antiphon/definition";
import { compileProduce, type ProduceEvent } from "../events/produce.ts";
import type { Language } from "../language/language.ts";
import { type ContinueAs, compileContinueAs } from "./continue-as.ts";

/** Where a state leads, ready to go: what is published on the way, then another state or the end. */
export interface Way {
  readonly next: Next;
  readonly produce: readonly ProduceEvent[];
  /** The instance that goes on in place of this one; absent: none does. */
  readonly continueAs?: ContinueAs;
  /** It leads out of an error that was caught. */
  readonly isError?: true;
}

export function compileWay(language: Language, next: Next): Way {
  const ends = next.kind === "end" && (next.terminate || !language.definition.keepActive);
  return {
    next,
    produce: next.produce.map((produce) => compileProduce(language, produce, ends ? "Completed" : "Active")),
    ...(next.kind === "end" && next.continueAs && { continueAs: compileContinueAs(language, next.continueAs) }),
  };
}
