import { attributeOf, isExactNumber, isJsonObject, type Json, type StartInstance } from "@antiphon/protocol";
import type { Workflow } from "../workflow.ts";

/**
 * The correlation values that an instance knows from its start, for every attribute that one of its events names: those
 * of the event that starts it; else a header of the request, or a top-level field of its data, as text.
 */
export function startingValues(
  workflow: Workflow,
  { event, headers, data }: StartInstance,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of attributeNames(workflow)) {
    const value = event ? attributeOf(event.event, name) : headers[name] || fieldOf(data, name);
    if (value !== undefined && value !== "") values[name] = value;
  }
  return values;
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
