import type { Domain } from "@antiphon/processor";

type Count = { readonly count: number };

/** Entities that count what comes for them: what it takes to follow a log. */
export const counter: Domain<Count, object, object> = {
  inputTopic: "counter.inputs",
  factTopic: "counter.facts",
  absent: { count: 0 },
  read: ({ key }) => ({ key: key ?? "", input: {} }),
  decide: () => [{}],
  evolve: ({ count }) => ({ count: count + 1 }),
  dueMs: () => undefined,
  fail: () => [],
  answers: () => [],
};
