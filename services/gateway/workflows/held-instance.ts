import type { FaultedInstance } from "@antiphon/engine";
import type { Gateway } from "../gateway.ts";
import { Problem } from "../http/problem.ts";
import { type StartedInstance, storedInstance } from "../queries/stored-instances.ts";

/** An instance that has not ended: it goes on, or has failed and may be repaired. */
export type HeldInstance = Extract<StartedInstance, { readonly status: "active" | "faulted" }>;

/** How a path names an instance. */
export interface InstancePath {
  readonly workflow: string;
  readonly id: string;
}

/** Whether an instance has not ended. */
export function isHeld(instance: StartedInstance | undefined): instance is HeldInstance {
  return instance?.status === "active" || instance?.status === "faulted";
}

/** An instance of a workflow that has not ended; a 404 if there is none. */
export async function heldInstance({ ports, catalog }: Gateway, { workflow, id }: InstancePath): Promise<HeldInstance> {
  const instance = (await storedInstance(ports, id))?.state;
  if (instance === undefined || instance.workflow !== workflow) {
    catalog.workflow(workflow);
    throw new Problem(404, "no-such-instance", `workflow ${workflow} has no instance ${JSON.stringify(id)}`);
  }
  if (isHeld(instance)) return instance;
  const detail = `instance ${id} of workflow ${workflow} has ended (${instance.status}): /v1/instances/${id} shows it`;
  throw new Problem(404, "instance-ended", detail, { members: { id, instanceStatus: instance.status } });
}

/** An instance of a workflow that has failed; a 400 if it has not. */
export async function failedInstance(gateway: Gateway, path: InstancePath): Promise<FaultedInstance> {
  const instance = await heldInstance(gateway, path);
  if (instance.status === "faulted") return instance;
  const detail = `instance ${instance.id}: expected it to have failed, found it ${instance.status}`;
  throw new Problem(400, "instance-not-failed", detail, {
    members: { id: instance.id, instanceStatus: instance.status },
  });
}
