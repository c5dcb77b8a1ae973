import type { Fate } from "../events/fate.ts";
import { Problem } from "../http/problem.ts";

/** A token that was never given out as it stands, and one of an instance that is not there, are answered alike. */
export function unknownToken(): Problem {
  return new Problem(404, "no-such-callback", "expected a callback's token as it was given out, found another text");
}

/** Why the wait of a token does not take an answer. */
export function refusedProblem(refused: "used" | "closed" | "unknown", fate: Fate): Problem {
  const members = { ...fate };
  switch (refused) {
    case "used":
      return new Problem(409, "callback-used", `the callback has been answered: ${fate.reason ?? "once"}`, { members });
    case "closed":
      return new Problem(410, "callback-closed", `nobody waits for the callback any more: ${fate.reason ?? "closed"}`, {
        members,
      });
    case "unknown":
      return unknownToken();
  }
}
