import type { Question } from "./open-exchanges.ts";
import type { ProducedEvent } from "./produced-events.ts";

/** All that came to the services and to the sink, to be compared with what definitions say once all scripts have run. */
export class Received {
  readonly #questions = new Map<string, Question[]>();
  readonly #events = new Map<string, ProducedEvent>();

  question(question: Question): void {
    const key = question.headers["idempotency-key"] ?? "";
    this.#questions.set(key, [...(this.#questions.get(key) ?? []), question]);
  }

  event(event: ProducedEvent): void {
    this.#events.set(event.id, event);
  }

  /** What an action of an instance asked, at each of its attempts. */
  questionsOf(instance: string, action: string): readonly Question[] {
    return this.#questions.get(`${instance}:${action}`) ?? [];
  }

  eventOf(id: string): ProducedEvent | undefined {
    return this.#events.get(id);
  }

  clear(): void {
    this.#questions.clear();
    this.#events.clear();
  }
}
