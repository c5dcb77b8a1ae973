import { isTimeEntry } from "@antiphon/views";
import type { HistoryPlace } from "./decisions.ts";
import type { Parameter } from "./parameters.ts";

/** How many items a page has if nobody says, and at most. */
export const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 200;

/** How many items a page has at most. */
export const limit: Parameter<number> = {
  expected: `a whole number from 1 to ${LIMIT_MAX}`,
  read: (found) => {
    const number = /^\d{1,3}$/.test(found) ? Number(found) : 0;
    return number >= 1 && number <= LIMIT_MAX ? number : undefined;
  },
};

/** Where a list goes on: the entry behind which the last page ended. */
export const cursor: Parameter<string> = {
  expected: "the next of an earlier page",
  read: (found) => {
    const entry = readCursor(found);
    return isTimeEntry(entry) ? entry : undefined;
  },
};

/** Where a history goes on: an offset, and that of a copy of the instance if one was passed on the way there. */
export const historyCursor: Parameter<HistoryPlace> = {
  expected: cursor.expected,
  read: (found) => {
    const [, offset, copy] = /^(\d{1,15})(?:@(\d{1,15}))?$/.exec(readCursor(found)) ?? [];
    if (offset === undefined) return undefined;
    return { offset: Number(offset), ...(copy !== undefined && { copy: Number(copy) }) };
  },
};

/** What a page's `next` is made of; its readers need not know. */
export function cursorOf(place: string | number): string {
  return Buffer.from(String(place)).toString("base64url");
}

function readCursor(found: string): string {
  return Buffer.from(found, "base64url").toString("utf8");
}
