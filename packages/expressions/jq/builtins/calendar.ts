/** Seconds of a day. */
const DAY = 86_400;

/** A moment in UTC as its calendar shows it. Months begin at 0, days at 1, weekdays with Sunday, days of a year at 0. */
export interface CalendarTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly weekday: number;
  readonly dayOfYear: number;
}

/** What a calendar shows at a time in epoch seconds. */
export function calendarAt(epochSeconds: number): CalendarTime {
  const days = Math.floor(epochSeconds / DAY);
  const rest = epochSeconds - days * DAY;
  const { year, month, day } = dateOf(days);
  return {
    year,
    month,
    day,
    hours: Math.floor(rest / 3600),
    minutes: Math.floor(rest / 60) % 60,
    seconds: rest % 60,
    weekday: modulo(days + 4, 7),
    dayOfYear: days - daysUntil(year, 0, 1),
  };
}

/** Epoch seconds of a calendar's time; months, days and the rest may lie outside of their usual range. */
export function epochSecondsOf(time: Omit<CalendarTime, "weekday" | "dayOfYear">): number {
  const days = daysUntil(time.year, time.month, time.day);
  return days * DAY + time.hours * 3600 + time.minutes * 60 + time.seconds;
}

/** The year and the week that a date belongs to by ISO 8601: weeks begin on Mondays, the first has a Thursday. */
export function isoWeek({ year, weekday, dayOfYear }: CalendarTime): { readonly year: number; readonly week: number } {
  const thursday = daysUntil(year, 0, 1) + dayOfYear + 4 - (weekday === 0 ? 7 : weekday);
  const { year: isoYear } = dateOf(thursday);
  return { year: isoYear, week: Math.floor((thursday - daysUntil(isoYear, 0, 1)) / 7) + 1 };
}

/** Days from 1970-01-01, of years that begin in March, so that the leap day is the last one. */
function daysUntil(year: number, month: number, day: number): number {
  const shifted = year + Math.floor(month / 12) - (modulo(month, 12) < 2 ? 1 : 0);
  const fromMarch = modulo(month - 2, 12);
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + Math.floor((153 * fromMarch + 2) / 5) + day - 1 - 719_468;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const fromYearZero = days + 719_468;
  const era = Math.floor(fromYearZero / 146_097);
  const dayOfEra = fromYearZero - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = modulo(fromMarch + 2, 12);
  return {
    year: yearOfEra + era * 400 + (month < 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
