import type { WorkflowError } from "@antiphon/protocol";

/** Java classes that a handler for everything names. */
const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"];
/** What a client of SonataFlow throws when there is no response, by its old and its new name. */
const PROCESSING = ["jakarta.ws.rs.ProcessingException", "javax.ws.rs.ProcessingException"];

const CLASSES = {
  /** The request cannot be made of what the workflow gives. */
  "400": ["java.lang.IllegalArgumentException", ...CATCH_ALL],
  /** No connection, or it broke. */
  connection: [
    ...PROCESSING,
    "java.net.ConnectException",
    "java.net.SocketException",
    "java.io.IOException",
    ...CATCH_ALL,
  ],
  timeout: ["java.net.SocketTimeoutException", ...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  "too-large": [...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  /** There is a response, but it is not what it says it is. */
  response: [...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  /** The fault is ours. */
  internal: CATCH_ALL,
} as const satisfies Record<string, readonly string[]>;

/** Why an action has no response. */
export type ActionErrorCode = keyof typeof CLASSES;

/** An action failed without a response; its workflow sees `error`. */
export class ActionError extends Error {
  override readonly name = "ActionError";
  readonly error: WorkflowError;

  constructor(code: ActionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = { code, message, classes: CLASSES[code] };
  }
}
