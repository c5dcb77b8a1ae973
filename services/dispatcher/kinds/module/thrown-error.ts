import type { WorkflowError } from "@antiphon/protocol";
import { RUNTIME } from "../failed.ts";

/** How many classes an error has of those that it is made of. */
const CLASSES_MAX = 16;

/**
 * What a function has thrown, as its workflow sees it: by its `code`, or else its `name`; its names and those of its
 * causes are classes, so that a function that stands for one of Java's may throw what handlers name.
 */
export function thrownError(thrown: unknown, what: string): WorkflowError {
  if (!(thrown instanceof Error)) return { code: "Error", message: textOf(thrown, what), classes: RUNTIME };
  const { code } = thrown as Error & { readonly code?: unknown };
  return {
    code: typeof code === "string" || typeof code === "number" ? String(code) : thrown.name,
    message: thrown.message === "" ? `${what} threw ${thrown.name}` : thrown.message,
    classes: [...new Set([...namesOf(thrown), ...RUNTIME])],
  };
}

function namesOf(thrown: Error): readonly string[] {
  const names: string[] = [];
  for (let error: unknown = thrown; error instanceof Error && names.length < CLASSES_MAX; error = error.cause) {
    names.push(error.name, error.constructor.name);
  }
  return names;
}

function textOf(thrown: unknown, what: string): string {
  if (typeof thrown === "string" && thrown !== "") return thrown;
  try {
    return `${what} threw ${JSON.stringify(thrown) ?? String(thrown)}`;
  } catch {
    return `${what} threw something that is no error`;
  }
}
