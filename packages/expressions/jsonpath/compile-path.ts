import type { Json } from "@antiphon/protocol";
import type { Path, Root, Step } from "./ast.ts";
import { compileCondition, type Test } from "./compile-condition.ts";
import { compileStep, isDefinite, memberAt } from "./compile-step.ts";
import { type CompiledPath, PathMissing, type Scope, type Walk } from "./scope.ts";

/** Compiles a path, with those in its filters and functions. */
export function compilePath({ root, steps, source }: Path): CompiledPath {
  const begin = beginning(root);
  const names = steps.flatMap((step) => (step.kind === "name" ? [step.name] : []));
  if (names.length === steps.length) return { definite: true, find: namesFrom(root, names) };
  const definite = steps.every((step, i) => isDefinite(step, i === steps.length - 1));
  const walk = follow(steps, root, definite ? undefined : source);
  if (definite) {
    return {
      definite: true,
      find(scope) {
        let found: Json | undefined;
        const from = begin(scope);
        if (from !== undefined) walk(from, scope, (value) => (found = value));
        return found;
      },
    };
  }
  return {
    definite: false,
    find(scope) {
      const found: Json[] = [];
      const from = begin(scope);
      if (from === undefined) throw new PathMissing(source);
      walk(from, scope, (value) => {
        scope.run.turn();
        found.push(value);
      });
      scope.run.grow(found.length);
      return found;
    },
  };
}

/**
 * All steps, each going on with the next. `required` is the path if everything before its first wildcard must be there;
 * behind that, what is not there is passed over.
 */
function follow(steps: readonly Step[], root: Root, required: string | undefined): Walk {
  const firstWildcard = steps.findIndex((step, i) => !isDefinite(step, i === steps.length - 1));
  const walks: Walk[] = Array.from({ length: steps.length + 1 }, () => (value, _scope, emit) => emit(value));
  // Compiled once each, though `..` asks the filter behind it as well: twice would be twice as much again in each inner one.
  const tests = steps.map((step) => (step.kind === "filter" ? compileCondition(step.condition, compilePath) : never));
  for (const [at, step] of [...steps.entries()].reverse()) {
    const target = step.kind === "deep" ? steps[at + 1] : undefined;
    walks[at] = compileStep(step, {
      compilePath,
      test: tests[at] ?? never,
      next: walks[at + 1] ?? nowhere,
      isLast: at === steps.length - 1,
      atRoot: at === 0 && root.kind === "document",
      missing: () => {
        if (required !== undefined && at <= firstWildcard) throw new PathMissing(required);
      },
      deep: target && {
        target,
        test: tests[at + 1] ?? never,
        isLast: at + 2 === steps.length,
        after: walks[at + 2] ?? nowhere,
      },
    });
  }
  return walks[0] ?? nowhere;
}

const nowhere: Walk = () => {};

const never: Test = () => false;

function beginning(root: Root): (scope: Scope) => Json | undefined {
  switch (root.kind) {
    case "document":
      return ({ document }) => document;
    case "item":
      return ({ item }) => item;
    case "variable":
      return ({ run }) => run.variable(root.name);
  }
}

/** By far the most paths: only names. */
function namesFrom(root: Root, names: readonly string[]): CompiledPath["find"] {
  const begin = beginning(root);
  return (scope) => {
    let value = begin(scope);
    scope.run.charge(names.length >> 3);
    let atRoot = root.kind === "document";
    for (const name of names) {
      if (value === undefined) return undefined;
      value = memberAt(value, name, scope.run, atRoot);
      atRoot = false;
    }
    return value;
  };
}
