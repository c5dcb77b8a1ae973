import { type CalendarTime, calendarAt, epochSecondsOf } from "./calendar.ts";
import { COMPOSITES, MONTHS, WEEKDAYS } from "./date-format.ts";

/** What has been read so far. A date is put together when all has been read. */
interface Reading {
  year: number;
  month: number;
  day: number;
  hours: number;
  minutes: number;
  seconds: number;
  afternoon: boolean | null;
  dayOfYear: number | null;
}

type Read = (found: string) => Partial<Reading>;

const NUMBER = (digits: number): RegExp => new RegExp(`\\s*([+-]?\\d{1,${digits}})`, "y");
const NAME = (names: readonly string[]): RegExp =>
  new RegExp(`\\s*(${names.flatMap((name) => [name, name.slice(0, 3)]).join("|")})`, "iy");

/** By the letter of a conversion: what it looks like, and what it says. */
const READERS: Readonly<Record<string, readonly [looks: RegExp, read: Read]>> = {
  Y: [NUMBER(4), (found) => ({ year: Number(found) })],
  y: [NUMBER(2), (found) => ({ year: Number(found) + (Number(found) < 69 ? 2000 : 1900) })],
  m: [NUMBER(2), (found) => ({ month: Number(found) - 1 })],
  d: [NUMBER(2), (found) => ({ day: Number(found) })],
  e: [NUMBER(2), (found) => ({ day: Number(found) })],
  j: [NUMBER(3), (found) => ({ dayOfYear: Number(found) - 1 })],
  H: [NUMBER(2), (found) => ({ hours: Number(found) })],
  k: [NUMBER(2), (found) => ({ hours: Number(found) })],
  I: [NUMBER(2), (found) => ({ hours: Number(found) % 12 })],
  l: [NUMBER(2), (found) => ({ hours: Number(found) % 12 })],
  M: [NUMBER(2), (found) => ({ minutes: Number(found) })],
  S: [NUMBER(2), (found) => ({ seconds: Number(found) })],
  p: [/\s*(AM|PM)/iy, (found) => ({ afternoon: found.toUpperCase() === "PM" })],
  B: [NAME(MONTHS), readMonth],
  b: [NAME(MONTHS), readMonth],
  h: [NAME(MONTHS), readMonth],
  A: [NAME(WEEKDAYS), () => ({})],
  a: [NAME(WEEKDAYS), () => ({})],
  Z: [/([A-Za-z]+)/y, () => ({})],
  z: [/(Z|[+-]\d{2}:?\d{2})/y, () => ({})],
  s: [NUMBER(12), (found) => ({ ...calendarAt(Number(found)), dayOfYear: null })],
  "%": [/(%)/y, () => ({})],
};

/** C's `strptime`, in English; null if the text does not match the format. A zone is read, but does not count. */
export function parseTime(text: string, format: string): CalendarTime | null {
  const reading: Reading = {
    year: 1900,
    month: 0,
    day: 0,
    hours: 0,
    minutes: 0,
    seconds: 0,
    afternoon: null,
    dayOfYear: null,
  };
  if (readAll(reading, text, 0, format) !== text.length) return null;
  if (reading.afternoon === true) reading.hours += 12;
  if (reading.dayOfYear !== null && reading.day === 0) {
    reading.month = 0;
    reading.day = reading.dayOfYear + 1;
  }
  // Put right by way of the epoch, so that 31 April is 1 May; a day that was not read stays 0.
  const { weekday, dayOfYear, ...date } = calendarAt(epochSecondsOf(reading));
  return reading.day === 0 ? { ...reading, weekday, dayOfYear: 0 } : { ...date, weekday, dayOfYear };
}

/** Where reading ended, or null if something did not match. */
function readAll(reading: Reading, text: string, from: number, format: string): number | null {
  let at = from;
  for (const [part, letter] of format.matchAll(/%([A-Za-z%])|\s+|[\s\S]/g)) {
    const next = letter === undefined ? readLiteral(text, at, part) : readConversion(reading, text, at, letter);
    if (next === null) return null;
    at = next;
  }
  return at;
}

function readLiteral(text: string, at: number, part: string): number | null {
  if (part.trim() === "") return text.length - text.slice(at).trimStart().length;
  return text.startsWith(part, at) ? at + part.length : null;
}

function readConversion(reading: Reading, text: string, at: number, letter: string): number | null {
  const composite = Object.hasOwn(COMPOSITES, letter) ? COMPOSITES[letter] : undefined;
  if (composite !== undefined) return readAll(reading, text, at, composite);
  const reader = Object.hasOwn(READERS, letter) ? READERS[letter] : undefined;
  if (reader === undefined) return null;
  const [looks, read] = reader;
  looks.lastIndex = at;
  const found = looks.exec(text);
  if (found?.[1] === undefined) return null;
  Object.assign(reading, read(found[1]));
  return at + found[0].length;
}

function readMonth(found: string): Partial<Reading> {
  return { month: MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === found.slice(0, 3).toLowerCase()) };
}
