const UNITS_MS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, millis: 1 };

const ISO =
  /^P(?=.)(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?=.)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:[.,]\d{1,9})?)S)?)?$/i;

/** `1h30m`, `2s`, `500ms`: what Kogito's timers take besides ISO 8601, and some of its users write. */
const SHORT =
  /^(?=.)(?:(?<days>\d+)d ?)?(?:(?<hours>\d+)h ?)?(?:(?<minutes>\d+)m(?!s) ?)?(?:(?<seconds>\d+)s ?)?(?:(?<millis>\d+)ms)?$/;

/**
 * Milliseconds of an ISO 8601 duration, `PT0.5S` or `P1DT2H`, or of Kogito's short form, `1h30m`; a part of a millisecond
 * counts as a whole one. Undefined if it is neither, or has years or months, which are not of one length.
 */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim();
  const parts = (ISO.exec(trimmed) ?? SHORT.exec(trimmed))?.groups;
  if (parts === undefined) return undefined;
  let totalMs = 0;
  for (const [unit, unitMs] of Object.entries(UNITS_MS)) {
    const [whole = "0", fraction = ""] = (parts[unit] ?? "0").split(/[.,]/);
    // Only seconds have a fraction, of up to nine digits.
    totalMs += Number(whole) * unitMs + Math.ceil(Number(fraction.padEnd(9, "0")) / 1_000_000);
  }
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}

/** Whether a text is a duration with years or months. */
export function hasYearsOrMonths(text: string): boolean {
  return /^P(?:\d+Y|\d+M|\d+Y\d+M)/i.test(text.trim());
}
