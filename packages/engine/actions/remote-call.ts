import type { ActionCall, FunctionDefinition } from "@antiphon/definition";
import { callerOf } from "../instance/caller.ts";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import { answerOf, nothing, pending } from "./answer.ts";
import type { Call } from "./call.ts";
import { withCallbackUrl } from "./callback-url.ts";
import { checkDetached } from "./detached.ts";
import { tokensPassedOn } from "./passed-on.ts";

/**
 * Somebody else performs it: whoever reads the fact that it was requested. Without arguments the input goes out whole,
 * except to a service whose arguments have a form of their own.
 */
export function remoteCall(language: Language, call: Extract<ActionCall, { kind: "function" }>, place: string): Call {
  const { function: called, arguments: given, selectionSet, async: detached } = call;
  const what = `function ${JSON.stringify(called.name)}`;
  const template = given === undefined ? undefined : language.template(given, `${what}, arguments`);
  const service = serviceOf(language, called, `${what}, configKey`);
  // Otherwise what has the name of a parameter is not in the body; where there are no parameters it makes no difference.
  const isBody = template === undefined && called.kind === "openapi" && called.operation.parameters.length > 0;
  const passedOn = tokensPassedOn(language.definition, called);
  const takesData = called.kind !== "graphql" && called.kind !== "odata";
  return (visit, input) => {
    const action = visit.action(place);
    if (action !== undefined) return answerOf(action, visit, place);
    if (detached) checkDetached(visit);
    const evaluated = template === undefined ? (takesData ? input : {}) : visit.evaluate(template, input);
    const args = called.kind === "openapi" ? withCallbackUrl(called.operation, evaluated, visit) : evaluated;
    const caller = callerOf(visit.instance);
    const tokens = passedOn(visit.instance.headers);
    const attempt = visit.attempt(place);
    visit.emit({
      type: "ActionRequested",
      action: visit.id(place),
      ...(attempt > 1 && { attempt }),
      ...(detached && { detached }),
      function: called.name,
      definition: visit.instance.definition,
      arguments: args,
      ...(isBody && args === input && { asBody: true }),
      ...(selectionSet !== undefined && { selectionSet }),
      ...(Object.keys(caller).length > 0 && { context: caller }),
      ...(service !== undefined && { service: visit.evaluate(service, input) }),
      ...(Object.keys(tokens).length > 0 && { tokens }),
    });
    return detached ? nothing : pending;
  };
}

/** Which one of several services is called. An expression that yields nothing names none, which fails where it is called. */
function serviceOf(language: Language, called: FunctionDefinition, what: string): Evaluate<string> | undefined {
  const { configKey } = called.metadata;
  return called.kind === "openapi" && typeof configKey === "string" ? language.text(configKey, what) : undefined;
}
