import { Allowance, readExpression } from "@antiphon/expressions";
import { attributeOf, type CloudEvent, isExactNumber, type Json, loneSurrogate } from "@antiphon/protocol";
import type { CorrelationAttribute, Definition } from "./model.ts";

/** The most steps of an expression over an event: it is asked of each event of the type, before anybody knows whom it is for. */
const EVENT_STEPS_MAX = 100_000;

/** What the expressions of one workflow may use together for one event: as many steps as one of them, and no more. */
export type EventAllowance = Allowance;

export function eventAllowance(): EventAllowance {
  return new Allowance(EVENT_STEPS_MAX, Number.POSITIVE_INFINITY, 0);
}

/** What an event has for a correlation attribute: a text that is not empty, or in words why it has none. */
export type AttributeValue = { readonly value: string } | { readonly missing: string };

/**
 * Reads the value of a correlation attribute from an event: the extension attribute of that name, or what the definition
 * says by an expression over the whole event (`from`), which then is all that counts. Both who routes an event and the
 * instance that takes it ask here, so that they find the same. Never throws.
 */
export function attributeValue(
  { expressionLang: language }: Pick<Definition, "expressionLang">,
  { name, from }: CorrelationAttribute,
): (event: CloudEvent, allowance?: EventAllowance) => AttributeValue {
  if (from === undefined) return (event) => found(attributeOf(event, name), "missing or empty in the event");
  const expression = readExpression(from, { language, required: true, variables: [] });
  if (expression.kind === "literal") return () => ({ missing: `${from} is no expression` });
  return (event, allowance) => {
    let result: Json;
    try {
      result = expression.program.json(event, {}, { limits: { steps: EVENT_STEPS_MAX }, allowance });
    } catch (error) {
      return { missing: `${from} fails on the event: ${(error as Error).message}` };
    }
    return found(
      textOf(result),
      `${from} yields ${kindOf(result)} for the event, expected a text, a number or a boolean`,
    );
  };
}

function found(value: string | undefined, otherwise: string): AttributeValue {
  if (value === undefined || value === "") return { missing: otherwise };
  return value.isWellFormed() ? { value } : { missing: `no well-formed text: it has ${loneSurrogate(value)}` };
}

function textOf(value: Json): string | undefined {
  if (isExactNumber(value)) return value.rawJSON;
  return value === null || typeof value === "object" ? undefined : String(value);
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  if (value === "") return "an empty text";
  return Array.isArray(value) ? "an array" : "an object";
}
