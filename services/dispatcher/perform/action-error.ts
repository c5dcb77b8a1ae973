import type { WorkflowError } from "@antiphon/protocol";

/** Java classes that a handler for everything names. */
const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"];
/** What a client of SonataFlow throws when there is no response, by its old and its new name. */
const PROCESSING = ["jakarta.ws.rs.ProcessingException", "javax.ws.rs.ProcessingException"];

const CLASSES = {
  /** The request cannot be made of what the workflow gives. */
  "400": ["java.lang.IllegalArgumentException", ...CATCH_ALL],
  /** No connection, or it broke. */
  connection: [...PROCESSING, "java.net.SocketException", "java.io.IOException", ...CATCH_ALL],
  /** Nobody listens there. */
  refused: [
    ...PROCESSING,
    "java.net.ConnectException",
    "java.net.SocketException",
    "java.io.IOException",
    ...CATCH_ALL,
  ],
  /** Nobody has that name. */
  "unknown-host": [...PROCESSING, "java.net.UnknownHostException", "java.io.IOException", ...CATCH_ALL],
  /** Whoever is there is not who they should be. */
  tls: [
    ...PROCESSING,
    "javax.net.ssl.SSLHandshakeException",
    "javax.net.ssl.SSLException",
    "java.io.IOException",
    ...CATCH_ALL,
  ],
  timeout: ["java.net.SocketTimeoutException", ...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  "too-large": [...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  /** There is a response, but it is not what it says it is. */
  response: [...PROCESSING, "java.io.IOException", ...CATCH_ALL],
  /** Who gives tokens gives none. */
  oauth2: ["io.quarkus.oidc.client.OidcClientException", ...CATCH_ALL],
  /** The fault is ours. */
  internal: CATCH_ALL,
} as const satisfies Record<string, readonly string[]>;

/** Why an action has no response. */
export type ActionErrorCode = keyof typeof CLASSES;

/** Whether a code is one of these; what services and functions fail with has codes of its own. */
export function isActionErrorCode(code: string): code is ActionErrorCode {
  return Object.hasOwn(CLASSES, code);
}

/** An action failed without a response; its workflow sees `error`. */
export class ActionError extends Error {
  override readonly name = "ActionError";
  readonly error: WorkflowError;
  readonly #code: ActionErrorCode;

  constructor(code: ActionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.error = { code, message, classes: CLASSES[code] };
    this.#code = code;
  }

  /** The same, said of something: what it says comes behind. */
  toldBy(what: string): ActionError {
    return new ActionError(this.#code, `${what}: ${this.message}`, { cause: this.cause });
  }
}
