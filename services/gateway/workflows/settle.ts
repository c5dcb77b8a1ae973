import type { Reply } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";
import type { Outcome } from "../requests.ts";
import { faultProblem } from "./fault.ts";

/** What an instance was asked, for the answer to somebody who gets no other. */
export interface Asked {
  readonly id: string;
  /** What may have happened all the same, `the instance may have started`. */
  readonly perhaps: string;
  /** It was to be started: where it is refused there is none. */
  readonly isNew?: boolean;
  /** Whether a failed instance is as good an answer as any. */
  readonly mayHaveFailed?: boolean;
}

/** The instance that answered; a problem if it failed, is not there, or did not answer. */
export function instanceAnswered(
  outcome: Outcome,
  { id, perhaps, isNew = false, mayHaveFailed = false }: Asked,
): Extract<Reply, { type: "InstanceAnswer" }> {
  const see = `${perhaps}: /v1/instances/${id} shows it`;
  if (outcome === "late") throw new Problem(504, "no-answer-in-time", `no answer in time; ${see}`, { members: { id } });
  if (outcome === "stopping") throw new Problem(503, "stopping", `the gateway stops; ${see}`, { members: { id } });
  switch (outcome.type) {
    case "InstanceAnswer":
      if (outcome.status === "faulted" && !mayHaveFailed) throw faultProblem(outcome);
      return outcome;
    case "InstanceMissing":
      throw new Problem(404, "no-such-instance", `instance ${id}: ${outcome.reason}`);
    case "InstanceExists": {
      const detail = `instance ${id}: expected to start it, found it started (${outcome.status})`;
      throw new Problem(409, "instance-exists", detail, { members: { id } });
    }
    case "RequestRejected":
      throw new Problem(422, "not-decidable", `the request cannot be decided: ${outcome.reason}`, {
        members: isNew ? {} : { id },
      });
    case "EventAnswer":
      throw new Error(`instance ${id}: expected an answer about it, found one about event ${outcome.id}`);
  }
}
