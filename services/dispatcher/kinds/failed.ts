import type { ActionOutcome } from "@antiphon/protocol";

/** Java classes that a handler for everything names. */
export const RUNTIME = ["java.lang.RuntimeException", "java.lang.Exception"] as const;

/** An action that has failed. */
export function failed(code: string, message: string, classes: readonly string[]): ActionOutcome {
  return { status: "failed", error: { code, message, classes } };
}
