import { type Definition, durationMs } from "@antiphon/definition";
import { formatJson, isExactNumber, type Json, parseJson } from "@antiphon/protocol";
import { assign, valueAt } from "../data/assign.ts";
import { setOwn } from "../data/merge.ts";
import { illegal } from "../errors/workflow-fault.ts";
import { type Evaluate, isOverLimit, type Program, readerOf } from "./evaluate.ts";

/** UTF-16 units of an expression that an error message shows. */
const EXPRESSION_SHOWN_MAX = 200;

/** How the texts of one definition are read. Each is compiled once; `what` names its place in messages. */
export interface Language {
  readonly definition: Definition;
  /** A filter: an expression that must not fail. */
  filter(text: string, what: string): Evaluate<Json>;
  condition(text: string, what: string): Evaluate<boolean>;
  /** An expression that must not fail, or else the text itself. */
  value(text: string, what: string): Evaluate<string>;
  /** What a collection is read from: all outputs, arrays being their items; null is nothing. */
  list(text: string, what: string): Evaluate<readonly Json[]>;
  /** An expression, or else the text itself; one that fails stays as it is written. */
  text(text: string, what?: string): Evaluate<string>;
  /**
   * JSON in which every text may be an expression; one that fails stays as it is written. If it is one text, and that is
   * a JSON object, the object is meant.
   */
  template(value: Json, what?: string): Evaluate<Json>;
  /** An ISO 8601 duration or an expression of one: the moment that lies it after `nowMs`. */
  moment(text: string, what: string): (nowMs: number) => Evaluate<number>;
  /** A whole number, or an expression of one. */
  count(source: number | string, what: string): Evaluate<number>;
  /** A place (`toStateData`): the data, with a value merged in there. */
  target(text: string, what: string): (value: Json) => Evaluate<Json>;
}

export function languageOf(definition: Definition): Language {
  const { read, require: program } = readerOf(definition);

  function template(value: Json, what: string): Evaluate<Json> {
    if (typeof value === "string") {
      const found = read(value);
      return found === undefined ? () => value : lenient(found, found.json, value, what);
    }
    if (typeof value !== "object" || value === null || isExactNumber(value)) return () => value;
    if (Array.isArray(value)) {
      const items = value.map((item, i) => template(item, `${what}[${i}]`));
      return (input, variables) => items.map((item) => item(input, variables));
    }
    const members = Object.entries(value).map(([name, one]) => [name, template(one, `${what}.${name}`)] as const);
    return (input, variables) => {
      const filled: Record<string, Json> = {};
      for (const [name, member] of members) setOwn(filled, name, member(input, variables));
      return filled;
    };
  }

  function value(source: string, what: string): Evaluate<string> {
    const found = read(source);
    return found === undefined ? () => source : strict(found, found.text, what);
  }

  return {
    definition,
    filter(source, what) {
      const found = program(source);
      return strict(found, found.json, what);
    },
    condition(source, what) {
      const found = program(source);
      return strict(found, found.truth, what);
    },
    list(source, what) {
      const found = program(source);
      return strict(found, found.list, what);
    },
    value,
    text(source, what = "a text") {
      const found = read(source);
      return found === undefined ? () => source : lenient(found, found.text, source, what);
    },
    template: (source, what = "a value") => template(objectIn(source), what),
    moment(source, what) {
      const duration = value(source, what);
      return (nowMs) => (input, variables) => {
        const found = duration(input, variables);
        const lengthMs = durationMs(found);
        if (lengthMs !== undefined) return nowMs + lengthMs;
        const shown = `${formatJson(found)}${found === source ? "" : ` from ${formatJson(source)}`}`;
        throw illegal("duration", `${what}: expected an ISO 8601 duration such as PT30S, found ${shown}`);
      };
    },
    count(source, what) {
      if (typeof source === "number") return () => source;
      const found = value(source, what);
      return (input, variables) => {
        const text = found(input, variables);
        const count = Number(text);
        if (text.trim() !== "" && Number.isSafeInteger(count) && count >= 0) return count;
        throw illegal("count", `${what}: expected a whole number, found ${JSON.stringify(text)}`);
      };
    },
    target(source, what) {
      const found = program(source);
      const { path, isPath } = found;
      const current = isPath ? (data: Json) => valueAt(data, path) : strict(found, found.json, what);
      return (value) => (data, variables) => assign(value, data, path, current(data, variables));
    },
  };
}

/** A filter that fails is an error of the workflow. */
function strict<T>(program: Program, evaluate: Evaluate<T>, what: string): Evaluate<T> {
  return (input, variables) => {
    try {
      return evaluate(input, variables);
    } catch (error) {
      throw faultOf(program, what, error);
    }
  };
}

/** A value that fails stays as it is written, unless it would have gone on for too long. */
function lenient<T>(program: Program, evaluate: Evaluate<T>, otherwise: T, what: string): Evaluate<T> {
  return (input, variables) => {
    try {
      return evaluate(input, variables);
    } catch (error) {
      if (isOverLimit(error)) throw faultOf(program, what, error);
      return otherwise;
    }
  };
}

function faultOf({ source }: Program, what: string, cause: unknown): Error {
  const shown = source.length > EXPRESSION_SHOWN_MAX ? `${source.slice(0, EXPRESSION_SHOWN_MAX)}…` : source;
  return illegal("expression", `${what}: ${JSON.stringify(shown)}: ${(cause as Error).message}`, { cause });
}

function objectIn(value: Json): Json {
  const text = typeof value === "string" ? value.trim() : "";
  if (!text.startsWith("{") || !text.endsWith("}")) return value;
  try {
    return parseJson(text);
  } catch {
    return value;
  }
}
