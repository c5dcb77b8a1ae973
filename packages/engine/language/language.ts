import { type Definition, durationMs } from "@antiphon/definition";
import { formatJson, isExactNumber, type Json } from "@antiphon/protocol";
import { assign, valueAt } from "../data/assign.ts";
import { setOwn } from "../data/merge.ts";
import { illegal } from "../errors/workflow-fault.ts";
import { type Evaluate, type Program, readerOf } from "./evaluate.ts";

/** How the texts of one definition are read. Each is compiled once; `what` names its place in messages. */
export interface Language {
  readonly definition: Definition;
  /** A filter: an expression that must not fail. */
  filter(text: string, what: string): Evaluate<Json>;
  condition(text: string, what: string): Evaluate<boolean>;
  /** An expression that must not fail, or else the text itself. */
  value(text: string, what: string): Evaluate<string>;
  /** An expression, or else the text itself; one that fails stays as it is written. */
  text(text: string): Evaluate<string>;
  /** JSON in which every text may be an expression; one that fails stays as it is written. */
  template(value: Json): Evaluate<Json>;
  /** An ISO 8601 duration or an expression of one: the moment that lies it after `nowMs`. */
  moment(text: string, what: string): (nowMs: number) => Evaluate<number>;
  /** A place (`toStateData`): the data, with a value merged in there. */
  target(text: string, what: string): (value: Json) => Evaluate<Json>;
}

export function languageOf(definition: Definition): Language {
  const read = readerOf(definition);

  function program(text: string, what: string): Program {
    const found = read(text);
    if (found === undefined) throw new Error(`${what}: expected an expression, found ${JSON.stringify(text)}`);
    return found;
  }

  function template(value: Json): Evaluate<Json> {
    if (typeof value === "string") {
      const found = read(value);
      return found === undefined ? () => value : lenient(found.json, value);
    }
    if (typeof value !== "object" || value === null || isExactNumber(value)) return () => value;
    if (Array.isArray(value)) {
      const items = value.map(template);
      return (input, variables) => items.map((item) => item(input, variables));
    }
    const members = Object.entries(value).map(([name, member]) => [name, template(member)] as const);
    return (input, variables) => {
      const filled: Record<string, Json> = {};
      for (const [name, member] of members) setOwn(filled, name, member(input, variables));
      return filled;
    };
  }

  function value(source: string, what: string): Evaluate<string> {
    const found = read(source);
    return found === undefined ? () => source : strict(found.text, what);
  }

  return {
    definition,
    filter: (source, what) => strict(program(source, what).json, what),
    condition: (source, what) => strict(program(source, what).truth, what),
    value,
    text(source) {
      const found = read(source);
      return found === undefined ? () => source : lenient(found.text, source);
    },
    template,
    moment(source, what) {
      const duration = value(source, what);
      return (nowMs) => (input, variables) => {
        const found = duration(input, variables);
        const lengthMs = durationMs(found);
        if (lengthMs !== undefined) return nowMs + lengthMs;
        throw illegal("duration", `${what}: expected an ISO 8601 duration such as PT30S, found ${formatJson(found)}`);
      };
    },
    target(source, what) {
      const { json, path, isPath } = program(source, what);
      const current = isPath ? (data: Json) => valueAt(data, path) : strict(json, what);
      return (value) => (data, variables) => assign(value, data, path, current(data, variables));
    },
  };
}

/** A filter that fails is an error of the workflow. */
function strict<T>(evaluate: Evaluate<T>, what: string): Evaluate<T> {
  return (input, variables) => {
    try {
      return evaluate(input, variables);
    } catch (error) {
      throw illegal("expression", `${what}: ${(error as Error).message}`, { cause: error });
    }
  };
}

function lenient<T>(evaluate: Evaluate<T>, otherwise: T): Evaluate<T> {
  return (input, variables) => {
    try {
      return evaluate(input, variables);
    } catch {
      return otherwise;
    }
  };
}
