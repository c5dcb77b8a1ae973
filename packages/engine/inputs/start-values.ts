import { attributeOf, isExactNumber, isJsonObject, type Json, type StartInstance } from "@antiphon/protocol";
import type { Workflow } from "../workflow.ts";

/**
 * The correlation values that an instance knows from its start, for every attribute that one of its events names: those
 * that the event has which starts it; else a header of the request, or a top-level field of its data, as text.
 */
export function startingValues(workflow: Workflow, command: StartInstance): Readonly<Record<string, string>> {
  const { event, data } = command;
  const headers = command.headersPassedOn ? {} : command.headers;
  const read = event ? broughtBy(workflow, event) : (name: string) => memberOf(headers, name) || fieldOf(data, name);
  const values: Record<string, string> = {};
  for (const name of attributeNames(workflow)) {
    const value = read(name);
    if (value !== undefined && value !== "") values[name] = value;
  }
  return values;
}

/** What its definition reads from the event; of attributes that this does not name, what the event carries. */
function broughtBy(
  { definition, correlation }: Workflow,
  { name: eventName, event }: NonNullable<StartInstance["event"]>,
): (name: string) => string | undefined {
  const brought = correlation.get(eventName)?.(event);
  const named = new Set(definition.events[eventName]?.correlation.map(({ name }) => name));
  return (name) => (named.has(name) ? memberOf(brought, name) : attributeOf(event, name));
}

function memberOf(values: Readonly<Record<string, string>> = {}, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function attributeNames({ consumed }: Workflow): ReadonlySet<string> {
  const definitions = [...consumed.values()].flatMap((type) => type.definitions);
  return new Set(definitions.flatMap(({ correlation }) => correlation.map(({ name }) => name)));
}

function fieldOf(data: Json, name: string): string | undefined {
  if (!isJsonObject(data) || !Object.hasOwn(data, name)) return undefined;
  const value = data[name];
  if (isExactNumber(value)) return value.rawJSON;
  return typeof value === "object" || value === undefined ? undefined : String(value);
}
