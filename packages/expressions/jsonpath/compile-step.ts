import type { Json } from "@antiphon/protocol";
import type { Run } from "../jq/run.ts";
import { isArray, isContainer, isObject, type Members, memberOf, setMember } from "../jq/values/kinds.ts";
import type { Step } from "./ast.ts";
import { compileOperand, type Test } from "./compile-condition.ts";
import { type DeepTarget, descend } from "./descend.ts";
import { call } from "./functions.ts";
import { type CompilePath, PathMissing, type Walk } from "./scope.ts";

/** Where a step stands. */
export interface Surrounding {
  readonly compilePath: CompilePath;
  /** For a filter: whether it lets an item pass. */
  readonly test: Test;
  readonly next: Walk;
  readonly isLast: boolean;
  /** Whether it is the first one of a path that begins with `$`. */
  readonly atRoot: boolean;
  /** What to do if a value is not what the step goes into. */
  readonly missing: () => void;
  /** For `..`: the step that is tried everywhere. */
  readonly deep: Omit<DeepTarget, "walk"> | undefined;
}

/** Whether a step leads to one place at most. */
export function isDefinite(step: Step, isLast: boolean): boolean {
  switch (step.kind) {
    case "name":
    case "call":
      return true;
    case "names":
      return isLast;
    case "indexes":
      return step.indexes.length === 1;
    case "all":
    case "slice":
    case "deep":
    case "filter":
      return false;
  }
}

/**
 * A member by its name. As SonataFlow has it, `$.$NAME`, and at the root of the document also `$.NAME`, is a variable
 * unless there is such a member.
 */
export function memberAt(value: Json, name: string, run: Run, atRoot = false): Json | undefined {
  if (!isObject(value)) return undefined;
  const member = memberOf(value, name);
  if (member !== undefined) return member;
  if (name.startsWith("$")) return run.bound(name.slice(1));
  return atRoot ? run.bound(name) : undefined;
}

export function compileStep(step: Step, { compilePath, test, next, isLast, atRoot, missing, deep }: Surrounding): Walk {
  switch (step.kind) {
    case "name":
      return (value, scope, emit) => {
        const member = memberAt(value, step.name, scope.run, atRoot);
        if (member !== undefined) next(member, scope, emit);
        else if (!isLast || !isObject(value)) missing();
      };
    case "names":
      return isLast ? picking(step.names, missing) : eachOf(step.names, next, missing);
    case "all":
      return (value, scope, emit) => {
        if (!isContainer(value)) return;
        for (const item of isArray(value) ? value : Object.values(value)) {
          scope.run.turn();
          next(item, scope, emit);
        }
      };
    case "indexes":
      return (value, scope, emit) => {
        if (!isArray(value)) return missing();
        scope.run.charge(step.indexes.length);
        for (const index of step.indexes) {
          const item = value[index < 0 ? index + value.length : index];
          if (item !== undefined) next(item, scope, emit);
        }
      };
    case "slice":
      return (value, scope, emit) => {
        if (!isArray(value)) return missing();
        for (const item of value.slice(step.from, step.to)) {
          scope.run.turn();
          next(item, scope, emit);
        }
      };
    case "deep":
      return deep === undefined ? () => {} : descend({ ...deep, walk: next });
    case "filter":
      return filtering(test, next, missing);
    case "call": {
      const parameters = step.parameters.map((one) => compileOperand(one, compilePath));
      return (value, scope, emit) => {
        const outside = { ...scope, item: scope.document };
        const given = parameters.map((find) => find(outside) ?? notThere(step.name));
        next(call(step.name, value, given, scope.run), scope, emit);
      };
    }
  }
}

function notThere(name: string): never {
  throw new PathMissing(`the parameter of ${name}()`);
}

/** An object of those members that are there. */
function picking(names: readonly string[], missing: () => void): Walk {
  return (value, scope, emit) => {
    if (!isObject(value)) return missing();
    scope.run.charge(names.length);
    const members: Members = {};
    for (const name of names) {
      const member = memberAt(value, name, scope.run);
      if (member !== undefined) setMember(members, name, member);
    }
    scope.run.grow(names.length);
    emit(members);
  };
}

function eachOf(names: readonly string[], next: Walk, missing: () => void): Walk {
  return (value, scope, emit) => {
    if (!isObject(value)) return missing();
    scope.run.charge(names.length);
    for (const name of names) {
      const member = memberAt(value, name, scope.run);
      if (member !== undefined) next(member, scope, emit);
    }
  };
}

/** A filter is asked about the items of an array, but about an object itself, and not about its members. */
function filtering(holds: Test, next: Walk, missing: () => void): Walk {
  return (value, scope, emit) => {
    if (!isContainer(value)) return missing();
    for (const item of isArray(value) ? value : [value]) {
      scope.run.turn();
      if (holds({ ...scope, item })) next(item, scope, emit);
    }
  };
}
