import type { Reply, WorkflowError } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";

/** Statuses of a service that a client of the workflow is given as they are. */
const KEPT = new Set(["400", "403", "404", "409", "412"]);

/** The problem of an instance that failed, with the status that SonataFlow gives it. */
export function faultProblem({ instance: id, error }: Extract<Reply, { type: "InstanceAnswer" }>): Problem {
  if (error === undefined) return new Problem(500, "instance-failed", `instance ${id} failed`, { members: { id } });
  const { code: errorCode, where } = error;
  const members = { id, ...(where !== undefined && { failedNodeId: where }), errorCode };
  return new Problem(statusOf(error), "instance-failed", error.message, { members });
}

function statusOf({ code, classes }: WorkflowError): number {
  if (KEPT.has(code)) return Number(code);
  return classes.includes("java.lang.IllegalArgumentException") ? 400 : 500;
}
