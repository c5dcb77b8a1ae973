import type { Question } from "./open-exchanges.ts";
import type { Script } from "./script.ts";

/** A CloudEvent that came to the sink. */
export type ProducedEvent = Readonly<Record<string, unknown>> & { readonly id: string; readonly source: string };

/** The events that workflows produce, by the script that runs them. One that comes twice counts once. */
export class ProducedEvents {
  readonly #scriptOf: ReadonlyMap<string, string>;
  readonly #events = new Map<string, ProducedEvent[]>();
  readonly #seen = new Set<string>();

  constructor(scripts: readonly Script[]) {
    this.#scriptOf = new Map(scripts.flatMap(({ name, workflows }) => workflows.map((id) => [id, name])));
  }

  take(event: ProducedEvent): void {
    const identity = `${event.source} ${event.id}`;
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    const workflow = String(event["kogitoprocid"]);
    const script = this.#scriptOf.get(workflow) ?? workflow;
    this.#events.set(script, [...(this.#events.get(script) ?? []), event]);
  }

  /** What a script's workflows have produced and nobody has removed. */
  of(script: Script): readonly ProducedEvent[] {
    return this.#events.get(script.name) ?? [];
  }

  /** Removes the oldest events of a script. */
  remove(script: Script, count: number): void {
    this.#events.set(script.name, this.of(script).slice(count));
  }

  clear(): void {
    this.#events.clear();
  }
}

/** The event that a request to the sink carries: in its headers and its body, or in its body alone. */
export function eventIn({ headers, body }: Question): ProducedEvent {
  if (headers["ce-id"] === undefined) return body as ProducedEvent;
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith("ce-") ? [[name.slice("ce-".length), decodeURIComponent(value ?? "")]] : [],
  );
  return { ...Object.fromEntries(attributes), ...(body !== undefined && { data: body }) };
}

/** An event as scripts compare it: what is the engine's own (id, time, `kogito…`, `antiphon…`) only where the script names it. */
export function comparable(event: ProducedEvent, expected: object | undefined): object {
  const isEngines = (name: string): boolean =>
    /^(?:id|time|specversion|datacontenttype|dataschema|kogito.*|antiphon.*)$/.test(name) &&
    !(expected !== undefined && name in expected);
  return Object.fromEntries(Object.entries(event).filter(([name]) => !isEngines(name)));
}
