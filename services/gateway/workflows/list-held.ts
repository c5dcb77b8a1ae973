import { propertyOf } from "@antiphon/definition";
import type { Gateway } from "../gateway.ts";
import { heldInstances } from "../queries/held-instances.ts";
import { storedInstances } from "../queries/stored-instances.ts";
import { type HeldInstance, isHeld } from "./held-instance.ts";

/** How many instances are listed if nobody says, and at most. */
export const LISTED_DEFAULT = 1_000;
export const LISTED_MAX = 10_000;

/** The instances of a workflow that have not ended, as far as the views know of them: those started last in front. */
export async function listHeld({ ports, catalog }: Gateway, workflow: string): Promise<readonly HeldInstance[]> {
  const properties = ports.definitions.current(workflow)?.definition.properties ?? {};
  const ids = await heldInstances(ports, workflow, limitIn(properties));
  // Running instances of a workflow that was retired are still told of.
  if (ids.length === 0) catalog.workflow(workflow);
  const stored = await storedInstances(ports, ids);
  return stored.flatMap((one) => (isHeld(one?.state) ? [one.state] : []));
}

/** `kogito.process.instances.limit`; what is no number counts as not said. */
function limitIn(properties: Readonly<Record<string, string>>): number {
  const said = propertyOf(properties, "kogito.process.instances.limit")?.trim() ?? "";
  return /^\d{1,9}$/.test(said) ? Math.min(Number(said), LISTED_MAX) : LISTED_DEFAULT;
}
