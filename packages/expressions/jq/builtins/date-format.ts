import { type CalendarTime, calendarAt, epochSecondsOf, isoWeek } from "./calendar.ts";

export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

export const MONTHS = [
  ...(["January", "February", "March", "April", "May", "June"] as const),
  ...(["July", "August", "September", "October", "November", "December"] as const),
] as const;

/** Conversions that stand for a row of others, in writing and in reading. */
export const COMPOSITES: Readonly<Record<string, string>> = {
  T: "%H:%M:%S",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  c: "%a %b %e %H:%M:%S %Y",
  r: "%I:%M:%S %p",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

type Write = (time: CalendarTime, offsetSeconds: number) => string;

const WRITERS: Readonly<Record<string, Write>> = {
  Y: ({ year }) => String(year),
  C: ({ year }) => padded(Math.floor(year / 100)),
  y: ({ year }) => padded(((year % 100) + 100) % 100),
  G: (time) => String(isoWeek(time).year),
  g: (time) => padded(isoWeek(time).year % 100),
  m: ({ month }) => padded(month + 1),
  B: ({ month }) => MONTHS[month] ?? "?",
  b: ({ month }) => (MONTHS[month] ?? "?").slice(0, 3),
  h: ({ month }) => (MONTHS[month] ?? "?").slice(0, 3),
  d: ({ day }) => padded(day),
  e: ({ day }) => padded(day, 2, " "),
  j: ({ dayOfYear }) => padded(dayOfYear + 1, 3),
  A: ({ weekday }) => WEEKDAYS[weekday] ?? "?",
  a: ({ weekday }) => (WEEKDAYS[weekday] ?? "?").slice(0, 3),
  u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  w: ({ weekday }) => String(weekday),
  U: ({ dayOfYear, weekday }) => padded(Math.floor((dayOfYear + 7 - weekday) / 7)),
  W: ({ dayOfYear, weekday }) => padded(Math.floor((dayOfYear + 7 - ((weekday + 6) % 7)) / 7)),
  V: (time) => padded(isoWeek(time).week),
  H: ({ hours }) => padded(hours),
  k: ({ hours }) => padded(hours, 2, " "),
  I: ({ hours }) => padded(hours % 12 === 0 ? 12 : hours % 12),
  l: ({ hours }) => padded(hours % 12 === 0 ? 12 : hours % 12, 2, " "),
  p: ({ hours }) => (hours < 12 ? "AM" : "PM"),
  P: ({ hours }) => (hours < 12 ? "am" : "pm"),
  M: ({ minutes }) => padded(minutes),
  S: ({ seconds }) => padded(Math.floor(seconds)),
  s: (time, offset) => String(Math.floor(epochSecondsOf(time)) - offset),
  z: (_time, offset) => zone(offset, ""),
  Z: (_time, offset) => (offset === 0 ? "UTC" : zone(offset, ":")),
  n: () => "\n",
  t: () => "\t",
  "%": () => "%",
};

/** C's `strftime`, in English. What is out of its range in `time` is put right first. */
export function formatTime(time: CalendarTime, format: string, offsetSeconds: number): string {
  const sound = calendarAt(epochSecondsOf(time));
  return format.replace(/%([A-Za-z%])/g, (conversion, letter: string) => {
    const composite = Object.hasOwn(COMPOSITES, letter) ? COMPOSITES[letter] : undefined;
    if (composite !== undefined) return formatTime(sound, composite, offsetSeconds);
    const write = Object.hasOwn(WRITERS, letter) ? WRITERS[letter] : undefined;
    return write === undefined ? conversion : write(sound, offsetSeconds);
  });
}

function padded(value: number, width = 2, by = "0"): string {
  return String(value).padStart(width, by);
}

function zone(offsetSeconds: number, separator: string): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60);
  return `${offsetSeconds < 0 ? "-" : "+"}${padded(Math.floor(minutes / 60))}${separator}${padded(minutes % 60)}`;
}
