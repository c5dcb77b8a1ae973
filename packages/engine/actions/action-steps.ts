import type { Action } from "@antiphon/definition";
import type { Language } from "../language/language.ts";
import { go, next, type Outcome, rest, type Step } from "../token/step.ts";
import { sleepStep } from "../token/timer.ts";
import type { Visit } from "../token/visit.ts";
import { compileCall } from "./call.ts";
import { compileLimit } from "./limit.ts";
import { compileRetry } from "./retry.ts";

/**
 * An action: its condition, a sleep, the call, its results into the data, a sleep. `prefix` tells apart actions of the
 * same name in one state.
 */
export function actionSteps(language: Language, action: Action, prefix = ""): readonly Step[] {
  const place = prefix + action.name;
  const what = `action ${JSON.stringify(action.name)}`;
  const steps: Step[] = [];
  if (action.condition !== undefined) {
    const condition = language.condition(action.condition, `${what}, condition`);
    const run: Step["run"] = (visit) => (visit.evaluate(condition) ? next : go(`${place}.done`));
    steps.push({ name: `${place}.condition`, run });
  }
  if (action.sleepBefore !== undefined) steps.push(sleepStep(language, `${place}.before`, action.sleepBefore));
  steps.push(callStep(language, action, place, what));
  if (action.sleepAfter !== undefined) steps.push(sleepStep(language, `${place}.after`, action.sleepAfter));
  if (action.condition !== undefined) steps.push({ name: `${place}.done`, run: () => next });
  return steps;
}

function callStep(language: Language, action: Action, place: string, what: string): Step {
  const { fromStateData, results, toStateData } = action;
  const call = compileCall(language, action, place);
  const limit = compileLimit(language, action, place);
  const retry = compileRetry(language, action, place);
  const from = fromStateData === undefined ? undefined : language.filter(fromStateData, `${what}, fromStateData`);
  const select = results === undefined ? undefined : language.filter(results, `${what}, results`);
  const target = toStateData === undefined ? undefined : language.target(toStateData, `${what}, toStateData`);

  function wait(visit: Visit): Outcome {
    limit?.check(visit);
    return rest;
  }

  function attempt(visit: Visit): Outcome {
    // While the answer is out nothing is worked out anew: the data may have become such that it would fail.
    if (visit.action(place)?.status === "pending") return wait(visit);
    const input = from === undefined ? visit.data : visit.evaluate(from);
    const answer = call(visit, input);
    if (answer.status === "pending") return wait(visit);
    limit?.stop(visit);
    if (action.call.async) return next;
    // As SonataFlow does: what brings nothing back leaves what `fromStateData` chose.
    const output = answer.output === undefined && from !== undefined ? input : answer.output;
    if (!action.useResults || output === undefined) return next;
    visit.takeResult(select === undefined ? output : visit.evaluate(select, output), target);
    return next;
  }

  return {
    name: `${place}.call`,
    run(visit) {
      if (retry?.isWaiting(visit)) return rest;
      try {
        return attempt(visit);
      } catch (error) {
        limit?.stop(visit);
        if (!retry?.schedule(visit, error)) throw error;
        return rest;
      }
    },
  };
}
