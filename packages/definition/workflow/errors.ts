import type { Members } from "../document/members.ts";
import { present } from "../document/present.ts";
import type { ErrorDefinition } from "../model.ts";

/** Reads one of `errors`. */
export function readError(members: Members): ErrorDefinition {
  members.optionalText("description", "a text");
  const code = members.optionalText("code", "the code of the error");
  return { name: members.text("name", "the name of the error"), ...present({ code }) };
}
