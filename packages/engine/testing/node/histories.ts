import fc from "fast-check";
import { EXAMPLES } from "../examples.ts";
import { randomDefinition } from "../random-definition.ts";
import { type RandomInput, randomInput } from "../random-input.ts";
import { type Decided, run } from "./course.ts";

/** The most inputs in a history. */
const INPUTS_MAX = 30;

const began = { kind: "start", n: 1 } as const;
/** What comes for an instance: a little before it starts, its start, and much after that. */
export const randomHistory = fc
  .tuple(
    fc.array(randomInput, { maxLength: 2 }),
    fc.array(randomInput, { minLength: INPUTS_MAX / 2, maxLength: INPUTS_MAX }),
  )
  .map(([early, late]): readonly RandomInput[] => [...early, began, ...late]);

/**
 * Takes `runs` random definitions, and the examples in turn, through a random history each. `watch` is called for each of them, and
 * what it returns for each decision: both may assert.
 */
export function watchHistories(
  { runs, seed }: { readonly runs: number; readonly seed: number },
  watch: () => (decided: Decided) => void,
): void {
  const definition = fc.oneof(
    { weight: 3, arbitrary: randomDefinition },
    { weight: 1, arbitrary: fc.constantFrom(...EXAMPLES) },
  );
  const property = fc.property(definition, randomHistory, (one, inputs) => {
    run(one, inputs, watch());
  });
  fc.assert(property, { numRuns: runs, seed });
}
