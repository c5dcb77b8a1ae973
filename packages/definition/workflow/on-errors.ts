import type { Members } from "../document/members.ts";
import type { OnError } from "../model.ts";
import { readNext } from "./next.ts";
import type { Scope } from "./scope.ts";
import { lookUpAll } from "./scope.ts";

/** Reads `onErrors` of a state. */
export function readOnErrors(members: Members, scope: Scope): readonly OnError[] {
  return members.objects("onErrors", "an error handler", (handler) => {
    const one = handler.get("errorRef");
    const several = handler.texts("errorRefs", "the name of an error");
    if (one === undefined && several.length === 0) {
      handler.report(handler.place, "an errorRef or errorRefs", "neither");
    } else if (one !== undefined && several.length > 0) {
      handler.report(handler.place, "either an errorRef or errorRefs", "both");
    }
    const names = one === undefined ? several : [one];
    return {
      errors: lookUpAll(names, "an error", scope.errors, scope.reading),
      next: readNext(handler, { ...scope, handling: true }),
    };
  });
}
