import type { Json } from "@antiphon/protocol";
import { DATE_FORMAT_LENGTH_MAX } from "../../limits.ts";
import type { Run } from "../run.ts";
import { isArray, isNumber, toDouble } from "../values/kinds.ts";
import { fail } from "../values/text.ts";
import { type Builtins, ofInput, ofOne } from "./builtin.ts";
import { type CalendarTime, calendarAt, epochSecondsOf } from "./calendar.ts";
import { formatTime } from "./date-format.ts";
import { parseTime } from "./date-parse.ts";

/** Functions of time. Only those that ask the host, `now` and the local ones, see a clock or a time zone. */
export const DATE_BUILTINS: Builtins = {
  "now/0": ofInput((_input, run) => {
    const { now } = run.surroundings;
    return now === undefined ? fail("now is not available: this run was given no clock") : now() / 1000;
  }),
  "gmtime/0": ofInput((input) =>
    isNumber(input) ? brokenDown(calendarAt(toDouble(input))) : fail("gmtime() requires a number"),
  ),
  "localtime/0": ofInput((input, run) =>
    isNumber(input) ? brokenDown(localTime(toDouble(input), run)) : fail("localtime() requires a number"),
  ),
  "mktime/0": ofInput((input) => {
    if (!isArray(input) || input.length < 6) return fail("mktime requires array of 6 numbers");
    return Math.floor(epochSecondsOf(calendarOf(input, "mktime")));
  }),
  "strftime/1": ofOne((input, format, run) => {
    if (typeof format !== "string") return fail("strftime/1 requires a string format");
    readFormat(format, run);
    const time = isNumber(input) ? calendarAt(toDouble(input)) : calendarOf(input, "strftime/1");
    return formatTime(time, format, 0);
  }),
  "strflocaltime/1": ofOne((input, format, run) => {
    if (typeof format !== "string") return fail("strflocaltime/1 requires a string format");
    readFormat(format, run);
    if (!isNumber(input)) return formatTime(calendarOf(input, "strflocaltime/1"), format, 0);
    const at = toDouble(input);
    return formatTime(localTime(at, run), format, localOffset(at, run));
  }),
  "strptime/1": ofOne((input, format, run) => {
    if (typeof input !== "string" || typeof format !== "string") {
      return fail("strptime/1 requires string inputs and arguments");
    }
    readFormat(format, run);
    run.scan(input);
    const time = parseTime(input, format);
    return time === null ? fail(`date "${input}" does not match format "${format}"`) : brokenDown(time);
  }),
};

function readFormat(format: string, run: Run): void {
  if (format.length > DATE_FORMAT_LENGTH_MAX) {
    fail(`a format of ${format.length} characters is too long, at most ${DATE_FORMAT_LENGTH_MAX} are read`);
  }
  run.charge(format.length << 2);
}

function localTime(epochSeconds: number, run: Run): CalendarTime {
  return calendarAt(epochSeconds + localOffset(epochSeconds, run));
}

function localOffset(epochSeconds: number, run: Run): number {
  const { localOffsetMs } = run.surroundings;
  if (localOffsetMs === undefined) return fail("local time is not available: this run was given no time zone");
  return localOffsetMs(epochSeconds * 1000) / 1000;
}

/** jq's "broken down time": year, month, day, hours, minutes, seconds, day of the week, day of the year. */
function brokenDown(time: CalendarTime): Json {
  return [time.year, time.month, time.day, time.hours, time.minutes, time.seconds, time.weekday, time.dayOfYear];
}

function calendarOf(value: Json, caller: string): CalendarTime {
  // The day of the week and of the year may follow; nothing that is read stands behind them.
  const parts = isArray(value) && value.length >= 6 ? value.slice(0, 8) : [];
  if (parts.length === 0 || !parts.every(isNumber)) return fail(`${caller} requires parsed datetime inputs`);
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(toDouble);
  return calendarAt(epochSecondsOf({ year, month, day, hours, minutes, seconds }));
}
