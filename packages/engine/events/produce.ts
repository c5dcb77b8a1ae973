import { type Definition, destinationOf, type Produce, workflowIdInUri } from "@antiphon/definition";
import { type CloudEvent, FAMILY_ATTRIBUTE, HOPS_ATTRIBUTE, type Json } from "@antiphon/protocol";
import { callerOf } from "../instance/caller.ts";
import { checkEvent, hopsAt } from "../instance/hops.ts";
import type { ActiveInstance } from "../instance/instance.ts";
import type { Language } from "../language/language.ts";
import type { Visit } from "../token/visit.ts";

/** Publishes an event. `place` tells it from the others of its visit; its id is the same whenever it is decided again. */
export type ProduceEvent = (visit: Visit, place: string, input: Json) => void;

/** How an instance stands when it says something, in SonataFlow's words. */
type Standing = "Active" | "Completed";

/** `data` may be an expression, or have some in it; without it, the input goes out. */
export function compileProduce(
  language: Language,
  { event, data, contextAttributes }: Produce,
  standing: Standing = "Active",
): ProduceEvent {
  const payload = data === undefined ? undefined : language.template(data, `event ${JSON.stringify(event.name)}, data`);
  const extensions = Object.entries(contextAttributes).map(
    // Attribute names are lower-case in CloudEvents, and HTTP and Kafka headers make them so.
    ([name, value]) =>
      [name.toLowerCase(), language.text(value, `event ${JSON.stringify(event.name)}, ${name}`)] as const,
  );
  const destination = destinationOf(language.definition, event.type);
  return (visit, place, input) => {
    const { instance, env } = visit;
    checkEvent(env, instance);
    const own = Object.fromEntries(extensions.map(([name, value]) => [name, visit.evaluate(value, input)]));
    const produced: CloudEvent = {
      specversion: "1.0",
      id: `${instance.id}-${place}`,
      source: `/process/${workflowIdInUri(language.definition.id)}`,
      type: event.type,
      time: new Date(env.nowMs).toISOString(),
      ...contextOf(instance, language.definition, standing),
      ...own,
      ...(instance.hops !== undefined && { [HOPS_ATTRIBUTE]: hopsAt(instance, env.nowMs) }),
      ...(instance.family !== undefined && { [FAMILY_ATTRIBUTE]: instance.family }),
      data: payload === undefined ? input : visit.evaluate(payload, input),
    };
    visit.emit({ type: "EventProduced", ...destination, event: produced });
  };
}

/** Who says it, by the extension attributes of SonataFlow's and by ours; correlation values travel along. */
function contextOf(
  instance: ActiveInstance,
  definition: Definition,
  standing: Standing,
): Readonly<Record<string, string>> {
  return {
    kogitoprocinstanceid: instance.id,
    kogitoprocid: definition.id,
    kogitoprocversion: definition.version,
    kogitoproctype: "SW",
    kogitoprocist: standing,
    antiphoninstance: instance.id,
    ...callerOf(instance),
  };
}
