import type { Members } from "../document/members.ts";
import { present } from "../document/present.ts";
import type { Action, EventFilter } from "../model.ts";
import { readExpression, readTarget } from "./expressions.ts";
import type { Scope } from "./scope.ts";

/** Reads `stateDataFilter`. */
export function readStateFilter(members: Members, scope: Scope): { readonly input?: string; readonly output?: string } {
  const filter = members.object("stateDataFilter", "a state data filter", (it) =>
    present({ input: readExpression(it, "input", scope), output: readExpression(it, "output", scope) }),
  );
  return filter ?? {};
}

/** Reads `eventDataFilter`. */
export function readEventFilter(members: Members, scope: Scope): EventFilter {
  const filter = members.object("eventDataFilter", "an event data filter", (it) => ({
    useData: it.flag("useData", true),
    ...present({ data: readExpression(it, "data", scope), toStateData: readTarget(it, "toStateData", scope) }),
  }));
  return filter ?? { useData: true };
}

type ActionFilter = Pick<Action, "fromStateData" | "useResults" | "results" | "toStateData">;

/** Reads `actionDataFilter`. */
export function readActionFilter(members: Members, scope: Scope): ActionFilter {
  const filter = members.object("actionDataFilter", "an action data filter", (it) => ({
    useResults: it.flag("useResults", true),
    ...present({
      fromStateData: readExpression(it, "fromStateData", scope),
      results: readExpression(it, "results", scope),
      toStateData: readTarget(it, "toStateData", scope),
    }),
  }));
  return filter ?? { useResults: true };
}
