import { cronProblem, isTimeZone } from "../cron.ts";
import type { Members } from "../document/members.ts";
import { describe, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Schedule } from "../model.ts";
import { INTERVAL_MS_MIN, instantMs, repeatingInterval } from "../repeating-interval.ts";
import type { StateName } from "./scope.ts";
import { lookUp } from "./scope.ts";

const INTERVAL = `an interval that repeats, "PT15M" or "R/2026-01-01T00:00:00Z/PT1H", of at least ${INTERVAL_MS_MIN / 1000} s`;

/** Reads `start`: a state, and when instances start by themselves. */
export function readStart(
  members: Members,
  states: ReadonlyMap<string, StateName>,
): { readonly start: string; readonly schedule?: Schedule } {
  const node = members.require("start", "the name of the state to start in");
  if (node?.kind !== "object") return { start: readStartState(members, "start", states) };
  const read = members.object("start", "a start", (it) => {
    it.require("stateName", "the name of a state");
    return { start: readStartState(it, "stateName", states), ...present({ schedule: readSchedule(it) }) };
  });
  return read ?? { start: "" };
}

function readStartState(members: Members, name: string, states: ReadonlyMap<string, StateName>): string {
  const node = members.get(name);
  const state = lookUp(node, "a state", states, members.reading);
  if (node !== undefined && state?.usedForCompensation) {
    members.report(node, "a state that is not used for compensation", quote(state.name));
  }
  return state?.name ?? "";
}

function readSchedule(members: Members): Schedule | undefined {
  if (members.get("schedule")?.kind !== "object") return readInterval(members, "schedule");
  return members.object("schedule", "a schedule", (it) => {
    const interval = readInterval(it, "interval");
    const cron = readCron(it, readTimeZone(it));
    if (interval !== undefined && cron !== undefined) it.report(it.place, "either an interval or a cron", "both");
    if (it.get("interval") === undefined && it.get("cron") === undefined) {
      it.report(it.place, "an interval or a cron", "neither");
    }
    return cron ?? interval;
  });
}

function readInterval(members: Members, name: string): Schedule | undefined {
  const interval = members.optionalText(name, INTERVAL);
  if (interval === undefined) return undefined;
  if (repeatingInterval(interval) === undefined) {
    members.report(members.get(name) ?? members.place, INTERVAL, quote(interval));
  }
  return { kind: "interval", interval };
}

function readTimeZone(members: Members): string {
  const name = members.optionalText("timezone", "the name of a time zone") ?? "UTC";
  if (isTimeZone(name)) return name;
  members.report(members.get("timezone") ?? members.place, 'the name of a time zone, "Europe/Berlin"', quote(name));
  return "UTC";
}

function readCron(members: Members, timezone: string): Schedule | undefined {
  if (members.get("cron")?.kind !== "object") return readCronText(members, "cron", timezone);
  return members.object("cron", "a cron", (it) => {
    it.require("expression", "a cron expression");
    const read = readCronText(it, "expression", timezone);
    const validUntilMs = readValidUntil(it);
    return read && { ...read, ...present({ validUntilMs }) };
  });
}

function readCronText(members: Members, name: string, timezone: string): Schedule | undefined {
  const cron = members.optionalText(name, "a cron expression");
  if (cron === undefined) return undefined;
  const reason = cronProblem(cron, timezone);
  if (reason !== undefined) {
    const expected = 'a cron expression of five or six fields, "0 12 * * MON-FRI"';
    members.report(members.get(name) ?? members.place, expected, `${quote(cron)}: ${reason}`);
  }
  return { kind: "cron", cron, timezone };
}

function readValidUntil(members: Members): number | undefined {
  const node = members.get("validUntil");
  const untilMs = instantMs(textOf(node) ?? "");
  if (node !== undefined && untilMs === undefined) {
    members.report(node, 'an ISO 8601 time, "2027-01-01T00:00:00Z"', describe(node));
  }
  return untilMs;
}
