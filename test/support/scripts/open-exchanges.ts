import assert from "node:assert/strict";
import { filled, type Variables } from "./filled.ts";
import type { Exchange } from "./script.ts";

/** A question as it came. */
export interface Question {
  /** `POST /orders`, or `rpc Prices/quote`. */
  readonly asked: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** The exchanges of a case that are still to come. What nobody expected is remembered, for the case to fail of it. */
export class OpenExchanges {
  readonly #always: readonly Exchange[];
  readonly #open: Exchange[];
  readonly #unexpected: Question[] = [];
  readonly #names: ReadonlySet<string>;
  /** What came in exchanges with a name. */
  readonly variables = new Map<string, unknown>();

  constructor(always: readonly Exchange[], services: readonly Exchange[]) {
    this.#always = always;
    this.#open = services.flatMap((exchange) => Array.from({ length: exchange.times ?? 1 }, () => exchange));
    this.#names = new Set([...always, ...services].map(({ asked }) => asked));
  }

  /** The exchange that a question belongs to; undefined: none. */
  take(question: Question): Exchange | undefined {
    const variables = variablesOf(question);
    const at = this.#open.findIndex((exchange) => isMeant(exchange, question, variables));
    const [exchange] =
      at >= 0 ? this.#open.splice(at, 1) : this.#always.filter((one) => isMeant(one, question, variables));
    if (exchange === undefined) this.#unexpected.push(question);
    if (exchange?.as !== undefined) this.variables.set(exchange.as, question.body);
    return exchange;
  }

  /** Whether everything that was to be asked has been. */
  get isDone(): boolean {
    return this.#open.length === 0;
  }

  /** Whether there is a question of this name among them, asked or not. */
  knows(asked: string): boolean {
    return this.#names.has(asked);
  }

  /** Throws if something unexpected came, or if something has not come yet. */
  check(): void {
    assert.deepEqual(this.#told(), { unexpected: [], missing: [] }, JSON.stringify(this.#told()));
  }

  /** What was asked unexpectedly and what was not asked, for whoever looks into a failure. */
  told(): string {
    return `services: ${JSON.stringify(this.#told())}`;
  }

  #told(): object {
    const shown = ({ asked, body }: Question | Exchange) => ({ asked, body });
    return { unexpected: this.#unexpected.map(shown), missing: this.#open.map(shown) };
  }
}

/** What an answer may refer to: the instance that asks, and what it asks. */
export function variablesOf({ headers, body }: Question): Variables {
  return new Map<string, unknown>([
    ["instance", headers["kogitoprocinstanceid"]],
    ["body", body],
  ]);
}

function isMeant(exchange: Exchange, question: Question, variables: Variables): boolean {
  const wanted = { asked: exchange.asked, body: exchange.body, headers: exchange.headers ?? {} };
  const names = Object.keys(wanted.headers);
  const { asked, body } = question;
  const found = {
    asked,
    body,
    headers: Object.fromEntries(names.map((name) => [name, question.headers[name.toLowerCase()]])),
  };
  try {
    assert.deepEqual(found, filled(wanted, variables, found));
    return true;
  } catch {
    return false;
  }
}
