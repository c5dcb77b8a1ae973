import { formatJson, isJsonObject, type Json } from "@antiphon/protocol";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import { nothing } from "./answer.ts";
import type { Call } from "./call.ts";

/** A line for the log of whoever runs it. */
export function logCall(language: Language, level: string, given: Json | undefined): Call {
  const message = messageOf(language, given);
  return (visit, input) => {
    visit.emit({ type: "MessageLogged", level, message: visit.evaluate(message, input) });
    return nothing;
  };
}

function messageOf(language: Language, given: Json | undefined): Evaluate<string> {
  if (isJsonObject(given) && typeof given.message === "string") return language.text(given.message, "message");
  const template = language.template(given ?? null, "arguments");
  return (input, variables) => {
    const filled = template(input, variables);
    const message = isJsonObject(filled) ? (filled.message ?? null) : filled;
    return typeof message === "string" ? message : formatJson(message);
  };
}
