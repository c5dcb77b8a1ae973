import type { State } from "@antiphon/definition";
import type { Language } from "../language/language.ts";
import type { Step } from "../token/step.ts";

/** One kind of state, written on the mechanisms as the specification's own paragraph on it reads. */
export interface Kind<S extends State> {
  /** What such a state does, step by step; the last one leaves it. */
  steps(language: Language, state: S): readonly Step[];
}
