import { pacedMs } from "../instance/pace.ts";
import type { Evaluate } from "../language/evaluate.ts";
import type { Language } from "../language/language.ts";
import { next, rest, type Step } from "./step.ts";
import type { Visit } from "./visit.ts";

/** A moment in the future that is worked out when its timer starts. */
export type Moment = (nowMs: number) => Evaluate<number>;

export function startTimer(visit: Visit, place: string, moment: Moment): void {
  const { instance, env } = visit;
  const dueMs = pacedMs(instance, visit.evaluate(moment(env.nowMs)), env.nowMs);
  visit.emit({ type: "TimerStarted", timer: visit.id(place), dueMs });
}

/** Stops a timer that runs; one that does not is left alone. */
export function cancelTimer(visit: Visit, place: string): void {
  if (visit.timer(place)?.fired === false) visit.emit({ type: "TimerCancelled", timer: visit.id(place) });
}

/** Rests for a duration. */
export function sleepStep(language: Language, name: string, duration: string): Step {
  const moment = language.moment(duration, name);
  return {
    name,
    run(visit) {
      const timer = visit.timer(name);
      if (timer === undefined) startTimer(visit, name, moment);
      return timer?.fired ? next : rest;
    },
  };
}
