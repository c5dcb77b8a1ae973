import type { IncomingHttpHeaders } from "node:http";
import { type Definition, nearestName } from "@antiphon/definition";
import { NAMED_MAX } from "../catalog.ts";
import { Problem } from "../http/problem.ts";

/** The most characters of a reference id. */
export const REFERENCE_ID_LENGTH_MAX = 255;

/** What a start says by headers of SonataFlow's own. */
export interface StartHeaders {
  /** The state to start in. */
  readonly startFrom?: string;
  /** Whoever starts it goes by this id, which its events carry. */
  readonly referenceId?: string;
}

/** Reads the headers of a start; a 400 for a state that the workflow does not have. */
export function startHeaders(headers: IncomingHttpHeaders, definition: Definition): StartHeaders {
  const startFrom = textOf(headers, "x-kogito-startfromnode");
  const referenceId = textOf(headers, "x-kogito-referenceid");
  if (startFrom !== undefined) checkState(definition, startFrom);
  if (referenceId !== undefined && referenceId.length > REFERENCE_ID_LENGTH_MAX) {
    const detail = `header X-KOGITO-ReferenceId: expected at most ${REFERENCE_ID_LENGTH_MAX} characters, found ${referenceId.length}`;
    throw new Problem(400, "unusable-reference-id", detail);
  }
  return { ...(startFrom !== undefined && { startFrom }), ...(referenceId !== undefined && { referenceId }) };
}

/** A problem that names the workflow's states, if it has none of this name; `place` says where the name stands. */
export function unknownState({ states }: Definition, name: string, place: string, status: 400 | 404): Problem {
  const names = Object.keys(states).slice(0, NAMED_MAX);
  const suggestion = nearestName(name, names);
  const hint = suggestion === undefined ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
  const quoted = names.map((one) => JSON.stringify(one)).join(", ");
  const detail = `${place}: expected the name of a state, one of ${quoted}, found ${JSON.stringify(name)}${hint}`;
  const members = { states: names, ...(suggestion !== undefined && { suggestion }) };
  return new Problem(status, "no-such-state", detail, { members });
}

function checkState(definition: Definition, name: string): void {
  if (!Object.hasOwn(definition.states, name)) {
    throw unknownState(definition, name, "header X-KOGITO-StartFromNode", 400);
  }
}

function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = typeof value === "string" ? value : value?.[0];
  return text === "" ? undefined : text;
}
