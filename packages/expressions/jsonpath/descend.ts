import type { Json } from "@antiphon/protocol";
import { isArray, isContainer, memberOf } from "../jq/values/kinds.ts";
import type { Step } from "./ast.ts";
import type { Test } from "./compile-condition.ts";
import type { Scope, Walk } from "./scope.ts";

/** The step behind `..`. */
export interface DeepTarget {
  readonly target: Step;
  /** For a filter: whether it lets an item pass. */
  readonly test: Test;
  readonly isLast: boolean;
  /** From that step on. */
  readonly walk: Walk;
  /** From behind that step on. */
  readonly after: Walk;
}

/**
 * Tries a step on a value and on everything below it, the outer before the inner. As in Jayway, a step that fits an
 * array and is not the last one is passed over there: what comes behind it is tried on each of the items.
 */
export function descend({ target, test, isLast, walk, after }: DeepTarget): Walk {
  const fits = fitting(target, isLast, test);
  return function visit(value, scope, emit) {
    if (!isContainer(value)) return;
    const { run } = scope;
    run.enter();
    if (fits(value, scope)) {
      if (!isArray(value) || isLast) walk(value, scope, emit);
      else for (const item of value) after(item, scope, emit);
    }
    for (const item of isArray(value) ? value : Object.values(value)) {
      run.turn();
      visit(item, scope, emit);
    }
    run.leave();
  };
}

function fitting(step: Step, isLast: boolean, test: Test): (value: Json, scope: Scope) => boolean {
  switch (step.kind) {
    case "name":
      return (value, { run }) => hasAll(value, [step.name], run);
    case "names":
      return (value, { run }) => (isLast ? hasAll(value, step.names, run) : !isArray(value));
    case "all":
      return () => true;
    case "indexes":
    case "slice":
      return (value) => isArray(value);
    case "filter":
      return (value, scope) => test({ ...scope, item: value });
    case "deep":
    case "call":
      return () => false;
  }
}

function hasAll(value: Json, names: readonly string[], run: Scope["run"]): boolean {
  if (!isContainer(value) || isArray(value)) return false;
  run.charge(names.length);
  return names.every((name) => memberOf(value, name) !== undefined);
}
