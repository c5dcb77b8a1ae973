import type { AfterCompensation } from "@antiphon/protocol";
import { headersToPassOn } from "../actions/headers-to-pass-on.ts";
import { illegal } from "../errors/workflow-fault.ts";
import { ENDED } from "../instance/instance.ts";
import { end } from "./closing.ts";
import type { Draft } from "./draft.ts";

type End = Extract<AfterCompensation, { kind: "end" }>;

/** Whether an instance is kept active beyond this end. */
export function staysActive({ workflow }: Draft, { terminate, continuation }: End): boolean {
  return workflow.definition.keepActive && !terminate && continuation === undefined;
}

/** An instance has come to its end, unless it is kept active. Throws `WorkflowFault` if its data is not as it must be. */
export function complete(draft: Draft, atEnd: End): void {
  const { continuation } = atEnd;
  if (staysActive(draft, atEnd)) {
    draft.emit({ type: "TokenMoved", step: ENDED });
    return;
  }
  checkOutput(draft);
  const { parent, data } = draft.active;
  if (continuation !== undefined) {
    draft.emit({ type: "InstanceContinued", ...continuation, ...(parent && { parent }), ...headersToPassOn(draft) });
  }
  const outcome = { status: "completed", output: data } as const;
  draft.emit(...end(draft.active, { type: "InstanceCompleted" }, continuation === undefined ? outcome : undefined));
}

function checkOutput({ workflow: { definition }, active, env }: Draft): void {
  const { dataOutputSchema: output } = definition;
  if (output === undefined) return;
  const problem = env.conforms?.(output.schema, active.data);
  if (problem === undefined) return;
  if (output.failOnValidationErrors) throw illegal("output-schema", problem);
}
