import type { ContinueAs as Definition } from "@antiphon/definition";
import type { Continuation } from "@antiphon/protocol";
import { hopsPassedOn } from "../instance/hops.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "./visit.ts";
import { compileTimeout } from "./workflow-timeout.ts";

/** The instance that goes on where one ends, worked out when it does. */
export type ContinueAs = (visit: Visit) => Continuation;

/** Without `data` of its own it goes on with the data as it is. */
export function compileContinueAs(language: Language, { workflow, version, data, timeout }: Definition): ContinueAs {
  const payload = data === undefined ? undefined : language.template(data);
  const limit = timeout && compileTimeout(language, timeout);
  return (visit) => {
    const { id, businessKey, family } = visit.instance;
    return {
      instance: visit.env.childId(id, "continued"),
      workflow,
      ...(version !== undefined && { version }),
      data: payload === undefined ? visit.data : visit.evaluate(payload),
      ...(businessKey !== undefined && { businessKey }),
      ...hopsPassedOn(visit.instance, visit.env.nowMs),
      ...(family !== undefined && { family }),
      ...(limit && { timeout: visit.evaluate(limit(visit.env.nowMs)) }),
    };
  };
}
