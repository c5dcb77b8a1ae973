import type { FunctionDefinition } from "@antiphon/definition";
import type { Language } from "../language/language.ts";
import type { Call } from "./call.ts";

/** An expression over the input: its result is there at once. */
export function expressionCall(
  language: Language,
  { expression, name }: Extract<FunctionDefinition, { kind: "expression" }>,
  place: string,
): Call {
  const evaluate = language.filter(expression, `function ${JSON.stringify(name)}`);
  return (visit, input) => {
    const output = visit.evaluate(evaluate, input);
    visit.emit({ type: "ActionCompleted", action: visit.id(place), output });
    return { status: "done", output };
  };
}
