import type { Members } from "../document/members.ts";
import { present } from "../document/present.ts";
import type { Action } from "../model.ts";
import { readCall } from "./calls.ts";
import { readDuration, readExpression } from "./expressions.ts";
import { readActionFilter } from "./filters.ts";
import { readRetry } from "./retries.ts";
import type { Scope } from "./scope.ts";

/** Names the actions of one state: by their own name, or by their place if that is missing, taken, or a number itself. */
export class ActionNames {
  readonly #taken = new Set<string>();
  #place = 0;

  next(own: string | undefined): string {
    this.#place += 1;
    const name = own === undefined || /^\d+$/.test(own) || this.#taken.has(own) ? String(this.#place) : own;
    this.#taken.add(name);
    return name;
  }
}

/** Reads `actions`. */
export function readActions(members: Members, names: ActionNames, scope: Scope): readonly Action[] {
  return members.objects("actions", "an action", (action) => readAction(action, names, scope));
}

/** Reads an action. */
export function readAction(members: Members, names: ActionNames, scope: Scope): Action {
  members.optionalText("id", "a text");
  const sleep = members.object("sleep", "a sleep before or after an action", (it) => ({
    sleepBefore: readDuration(it, "before"),
    sleepAfter: readDuration(it, "after"),
  }));
  return {
    name: names.next(members.optionalText("name", "the name of the action")),
    ...present({ condition: readExpression(members, "condition", scope), ...sleep }),
    call: readCall(members, scope),
    ...present({ timeout: scope.timeouts.action, retry: readRetry(members, scope) }),
    ...readActionFilter(members, scope),
  };
}
