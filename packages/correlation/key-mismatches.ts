import { eventAllowance } from "@antiphon/definition";
import { attributesOfKey, broadcastKey, type CloudEvent, TENANT } from "@antiphon/protocol";
import type { Awaited, Consumers } from "./subscribe.ts";
import { valueIn } from "./value-in.ts";

/** An attribute of a wait's key for which an event has another value, or none. */
export interface KeyMismatch {
  readonly attribute: string;
  readonly expected: string;
  /** Absent: it has none, for this reason. */
  readonly found?: string;
  readonly missing?: string;
}

/** What speaks against a wait that is registered under a key, attribute by attribute; none: it is the event's key as well. */
export function keyMismatches(
  event: CloudEvent,
  { awaited }: Pick<Consumers, "awaited">,
  { workflow, key }: { readonly workflow: string; readonly key: string },
): readonly KeyMismatch[] {
  if (key === broadcastKey(TENANT, event.type)) return [];
  const expected = [...attributesOfKey(key)];
  const allowance = eventAllowance();
  const readers = readersFor(awaited, workflow, new Set(expected.map(([name]) => name)));
  return expected.flatMap(([attribute, value]): readonly KeyMismatch[] => {
    const found = valueIn(event, readers, attribute, allowance);
    if (!("value" in found)) return [{ attribute, expected: value, missing: found.missing }];
    return found.value === value ? [] : [{ attribute, expected: value, found: found.value }];
  });
}

/** Where the workflow's event definition says that the values stand. */
function readersFor(
  awaited: readonly Awaited[],
  workflow: string,
  names: ReadonlySet<string>,
): Pick<Awaited, "readers"> {
  const isMeant = (one: Awaited): boolean =>
    one.workflow === workflow &&
    one.attributes.length === names.size &&
    one.attributes.every((name) => names.has(name));
  return awaited.find(isMeant) ?? {};
}
