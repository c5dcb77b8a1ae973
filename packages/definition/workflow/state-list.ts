import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, memberOf, oneOf, placeOfMissing, quote, textOf } from "../document/node.ts";
import type { State } from "../model.ts";
import type { Scope, StateName } from "./scope.ts";
import { readState, STATE_TYPES } from "./states.ts";

/** How many states a workflow may have. */
export const STATES_MAX = 10_000;

/** The names of a workflow's states, which its transitions may lead to. One that comes twice is reported. */
export function readStateNames(members: Members): ReadonlyMap<string, StateName> {
  const names = new Map<string, StateName>();
  const list = members.require("states", "the states of the workflow");
  if (list !== undefined && (list.kind !== "array" || list.items.length === 0)) {
    members.report(list, "an array with a state in each place", describe(list));
  }
  if (list?.kind === "array" && list.items.length > STATES_MAX) {
    members.report(list, `at most ${STATES_MAX} states`, String(list.items.length));
  }
  for (const state of list?.kind === "array" ? list.items : []) {
    const node = memberOf(state, "name");
    const name = textOf(node);
    if (node === undefined || name === undefined || name === "") continue;
    if (names.has(name)) members.report(node, "a name that no other of the states has", quote(name));
    names.set(name, { name, usedForCompensation: textOf(memberOf(state, "usedForCompensation")) === "true" });
  }
  return names;
}

/** Reads the states. One whose type is not known is left out, after a problem. */
export function readStates(list: Node | undefined, scope: Scope): readonly State[] {
  const items = list?.kind === "array" ? list.items : [];
  return items.map((item) => readStateOfAnyType(item, scope)).filter((state) => state !== undefined);
}

function readStateOfAnyType(node: Node, scope: Scope): State | undefined {
  const { problems } = scope.reading;
  const typeNode = memberOf(node, "type");
  const type = textOf(typeNode);
  const known = STATE_TYPES.find((candidate) => candidate === type);
  if (known !== undefined) {
    const article = /^[aeiou]/.test(known) ? "an" : "a";
    return readObject(node, `${article} ${known} state`, scope.reading, (members) => readState(members, known, scope));
  }
  const expected = oneOf(STATE_TYPES);
  if (node.kind !== "object") problems.report(node, "a state", describe(node));
  else {
    const place = typeNode ?? placeOfMissing(node, "type");
    problems.report(place, expected, describe(typeNode), { name: type, among: STATE_TYPES });
  }
  return undefined;
}
