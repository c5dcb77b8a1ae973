import type { Action, FunctionDefinition } from "@antiphon/definition";
import { formatJson, isJsonObject, type Json } from "@antiphon/protocol";
import { WorkflowFault } from "../errors/workflow-fault.ts";
import { compileProduce } from "../events/produce.ts";
import { callerOf } from "../instance/caller.ts";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";
import { withCallbackUrl } from "./callback-url.ts";

/**
 * Performs an action's call, or asks for it to be performed. Run again while the answer is out; throws `WorkflowFault` if
 * it failed.
 */
export type Call = (visit: Visit, input: Json) => Answer;

export type Answer = { readonly status: "pending" } | { readonly status: "done"; readonly output?: Json };

const pending: Answer = { status: "pending" };
const nothing: Answer = { status: "done" };

/** `place` is the action's own in its state; its id is `{visit}.{place}`. */
export function compileCall(language: Language, { call }: Action, place: string): Call {
  if (call.kind === "produce") {
    const produce = compileProduce(language, call.produce);
    return (visit, input) => {
      produce(visit, visit.id(place), input);
      return nothing;
    };
  }
  const { function: called } = call;
  switch (called.kind) {
    case "openapi":
    case "http":
      return remote(language, called, call.arguments, place);
    case "expression":
      return expression(language, called.expression, called.name, place);
    case "sysout":
      return log(language, called.level, call.arguments);
  }
}

/** Somebody else performs it: whoever reads the fact that it was requested. Without arguments the input goes out whole. */
function remote(language: Language, called: FunctionDefinition, given: Json | undefined, place: string): Call {
  const template = given === undefined ? undefined : language.template(given);
  return (visit, input) => {
    const action = visit.action(place);
    switch (action?.status) {
      case undefined: {
        const evaluated = template === undefined ? input : visit.evaluate(template, input);
        const args = called.kind === "openapi" ? withCallbackUrl(called.operation, evaluated, visit) : evaluated;
        const caller = callerOf(visit.instance);
        visit.emit({
          type: "ActionRequested",
          action: visit.id(place),
          function: called.name,
          definition: visit.instance.definition,
          arguments: args,
          ...(Object.keys(caller).length > 0 && { context: caller }),
        });
        return pending;
      }
      case "pending":
        return pending;
      case "failed":
        throw new WorkflowFault({ where: `${visit.where}, action ${JSON.stringify(place)}`, ...action.error });
      case "completed":
        return action.output === undefined ? nothing : { status: "done", output: action.output };
      case "cancelled":
        throw new Error(`expected action ${visit.id(place)} to be left with its state, found it cancelled`);
    }
  };
}

function expression(language: Language, source: string, name: string, place: string): Call {
  const evaluate = language.filter(source, `function ${JSON.stringify(name)}`);
  return (visit, input) => {
    const output = visit.evaluate(evaluate, input);
    visit.emit({ type: "ActionCompleted", action: visit.id(place), output });
    return { status: "done", output };
  };
}

function log(language: Language, level: string, given: Json | undefined): Call {
  const message = messageOf(language, given);
  return (visit, input) => {
    visit.emit({ type: "MessageLogged", level, message: visit.evaluate(message, input) });
    return nothing;
  };
}

function messageOf(language: Language, given: Json | undefined): Evaluate<string> {
  if (isJsonObject(given) && typeof given.message === "string") return language.text(given.message);
  const template = language.template(given ?? null);
  return (input, variables) => {
    const filled = template(input, variables);
    const message = isJsonObject(filled) ? (filled.message ?? null) : filled;
    return typeof message === "string" ? message : formatJson(message);
  };
}
