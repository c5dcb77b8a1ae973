import { Problem } from "../http/problem.ts";

/** Workflows of 0.8 have no service level agreements, so there is none to move. */
export function withoutSla(): Problem {
  const detail =
    "workflows have no service level agreement to change; their timeouts stand in the definition (workflowExecTimeout, " +
    "stateExecTimeout, eventTimeout), and POST /management/jobs/{process}/instances/{instance}/timers/{timer} fires one early";
  return new Problem(501, "no-service-level-agreement", detail);
}
