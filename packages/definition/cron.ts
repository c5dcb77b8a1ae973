import { Cron } from "croner";

/** What is wrong with a cron expression of five or six fields, or with its time zone, in words; undefined if nothing is. */
export function cronProblem(cron: string, timezone: string): string | undefined {
  try {
    open(cron, timezone);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, "") : String(error);
  }
}

/** Epoch milliseconds of the first time after `afterMs` that a cron expression names in a time zone; undefined if there is none. */
export function nextCronMs(cron: string, timezone: string, afterMs: number): number | undefined {
  return open(cron, timezone).nextRun(new Date(afterMs))?.getTime();
}

/** Whether the runtime knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Nothing runs: it only says when. `0/15`, as Quartz has it and the language's own examples, is taken for a step. */
function open(cron: string, timezone: string): Cron {
  return new Cron(cron, { paused: true, timezone, sloppyRanges: true });
}
