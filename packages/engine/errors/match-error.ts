/**
 * Which handler takes an error. SonataFlow tries its policies one after the other, each over all handlers of a state: so
 * a handler for the very status wins over a catch-all that stands before it.
 */
import type { ErrorDefinition, OnError } from "@antiphon/definition";
import type { WorkflowError } from "@antiphon/protocol";
import { RE2JS } from "re2js";
import type { Language } from "../language/language.ts";
import { compileWay, type Way } from "../token/way.ts";
import { CATCH_ALL } from "./workflow-fault.ts";

/** The most characters of a message in which a handler's pattern is searched. */
export const MESSAGE_SEARCHED_MAX = 10_000;

/** An error definition, ready to be compared. */
export interface CompiledError {
  readonly code: string;
  /** `HTTP:404` and `404` both mean the status. */
  readonly status: string;
  /** Absent: the code looks like a Java name, so it is never searched for in messages. */
  readonly pattern?: RE2JS;
}

/** One `errorRef` of a state's `onErrors`, and where it leads. */
export interface Handler extends CompiledError {
  readonly way: Way;
}

/** Error definitions; one without a code never matches anything. */
export function compileErrors(errors: readonly ErrorDefinition[]): readonly CompiledError[] {
  return errors.flatMap(({ code }) => {
    if (code === undefined) return [];
    const status = code.slice(code.lastIndexOf(":") + 1);
    const pattern = JAVA_NAME.test(code) ? undefined : patternOf(code);
    return [{ code, status, ...(pattern && { pattern }) }];
  });
}

/** Whether an error is one of these. */
export function matches(errors: readonly CompiledError[], error: WorkflowError): boolean {
  return POLICIES.some((policy) => errors.some((candidate) => policy(candidate, error)));
}

/** The handlers of a state, one for each code: SonataFlow lets the last one with a code have it. */
export function compileHandlers(language: Language, onErrors: readonly OnError[]): readonly Handler[] {
  const byCode = new Map<string, Handler>();
  for (const { errors, next } of onErrors) {
    const way: Way = { ...compileWay(language, next), isError: true };
    for (const error of compileErrors(errors)) byCode.set(error.code, { ...error, way });
  }
  return [...byCode.values()];
}

/** Where an error leads; undefined: nobody catches it. */
export function handlerOf(handlers: readonly Handler[], error: WorkflowError): Handler | undefined {
  for (const policy of POLICIES) {
    const handler = handlers.find((candidate) => policy(candidate, error));
    if (handler !== undefined) return handler;
  }
  return undefined;
}

const JAVA_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
const GENERAL: readonly string[] = [...CATCH_ALL, "java.lang.Throwable"];

const POLICIES: readonly ((candidate: CompiledError, error: WorkflowError) => boolean)[] = [
  ({ status }, error) => status === error.code,
  ({ code }, error) => code === error.classes[0],
  ({ code, pattern }, error) => pattern !== undefined && code === error.message,
  ({ code }, error) => !GENERAL.includes(code) && error.classes.includes(code),
  ({ pattern }, error) => pattern?.matcher(error.message.slice(0, MESSAGE_SEARCHED_MAX)).find() ?? false,
  ({ code }, error) => error.classes.includes(code) || code === "java.lang.Throwable",
];

/** A linear-time pattern, as a code comes from the definition and the message from anywhere; undefined: it is none. */
function patternOf(code: string): RE2JS | undefined {
  try {
    return RE2JS.compile(code);
  } catch {
    return undefined;
  }
}
