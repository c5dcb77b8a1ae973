const UNITS_MS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 };

const DURATION =
  /^P(?=.)(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?=.)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:[.,]\d{1,9})?)S)?)?$/i;

/**
 * Milliseconds of an ISO 8601 duration, `PT0.5S` or `P1DT2H`; a part of a millisecond counts as a whole one. Undefined
 * if it is none, or has years or months, which are not of one length.
 */
export function durationMs(text: string): number | undefined {
  const parts = DURATION.exec(text.trim())?.groups;
  if (parts === undefined) return undefined;
  let totalMs = 0;
  for (const [unit, unitMs] of Object.entries(UNITS_MS)) {
    const [whole = "0", fraction = ""] = (parts[unit] ?? "0").split(/[.,]/);
    totalMs += Number(whole) * unitMs + Math.ceil(Number(fraction.padEnd(9, "0")) / 1_000_000);
  }
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}

/** Whether a text is a duration with years or months. */
export function hasYearsOrMonths(text: string): boolean {
  return /^P(?:\d+Y|\d+M|\d+Y\d+M)/i.test(text.trim());
}
