import type { Reply, WorkflowError } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";

/** Statuses of a service that a client of the workflow is given as they are. */
const KEPT = new Set(["400", "403", "404", "409", "412"]);

/**
 * The problem of an instance that failed, with the status that SonataFlow gives it. `failedNodeId` is the state's name,
 * `where` says more if more is known, `leftToUndo` what is to be undone still where it failed at that.
 */
export function faultProblem(answer: Extract<Reply, { type: "InstanceAnswer" }>): Problem {
  const { instance: id, error, failedState, leftToUndo } = answer;
  if (error === undefined) return new Problem(500, "instance-failed", `instance ${id} failed`, { members: { id } });
  const { code: errorCode, message, where, child } = error;
  const place = {
    ...(failedState !== undefined && { failedNodeId: failedState }),
    ...(where !== undefined && { where }),
    ...(child && { child: { ...child } }),
    ...(leftToUndo && { leftToUndo }),
  };
  return new Problem(statusOf(error), "instance-failed", message, { members: { id, ...place, errorCode } });
}

function statusOf({ code, classes }: WorkflowError): number {
  if (KEPT.has(code)) return Number(code);
  return classes.includes("java.lang.IllegalArgumentException") ? 400 : 500;
}
