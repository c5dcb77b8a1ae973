import type { Action } from "@antiphon/definition";
import { merge } from "../data/merge.ts";
import type { Language } from "../language/language.ts";
import { go, next, rest, type Step } from "../token/step.ts";
import { sleepStep } from "../token/timer.ts";
import { compileCall } from "./call.ts";

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
  const from = fromStateData === undefined ? undefined : language.filter(fromStateData, `${what}, fromStateData`);
  const select = results === undefined ? undefined : language.filter(results, `${what}, results`);
  const target = toStateData === undefined ? undefined : language.target(toStateData, `${what}, toStateData`);
  return {
    name: `${place}.call`,
    run(visit) {
      const input = from === undefined ? visit.data : visit.evaluate(from);
      const answer = call(visit, input);
      if (answer.status === "pending") return rest;
      // As SonataFlow does: what brings nothing back leaves what `fromStateData` chose.
      const output = answer.output === undefined && from !== undefined ? input : answer.output;
      if (!action.useResults || output === undefined) return next;
      const result = select === undefined ? output : visit.evaluate(select, output);
      visit.change(target === undefined ? merge(result, visit.data) : visit.evaluate(target(result)));
      return next;
    },
  };
}
