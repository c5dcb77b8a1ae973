import { Problem } from "../http/problem.ts";

/** How one query parameter is read. */
export interface Parameter<T> {
  /** What a right value is, to go behind "expected". */
  readonly expected: string;
  /** The value; undefined if the text is none. */
  read(text: string): T | undefined;
}

type Values<All extends Record<string, Parameter<unknown>>> = {
  readonly [Name in keyof All]?: All[Name] extends Parameter<infer T> ? T : never;
};

/** The longest value of a parameter, in characters. */
export const PARAMETER_LENGTH_MAX = 4_096;

/** Reads a request's query parameters; a 400 for a wrong value, and for a name that is not one of `parameters`. */
export function readParameters<All extends Record<string, Parameter<unknown>>>(
  query: unknown,
  parameters: All,
): Values<All> {
  const values: Record<string, unknown> = {};
  for (const [name, found] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) throw wrong(name, namesIn(parameters), "this name");
    if (typeof found !== "string") throw wrong(name, "one value", "several");
    if (found.length > PARAMETER_LENGTH_MAX) {
      throw wrong(name, `at most ${PARAMETER_LENGTH_MAX} characters`, `${found.length}`);
    }
    const value = parameter.read(found);
    if (value === undefined) throw wrong(name, parameter.expected, JSON.stringify(found.slice(0, 80)));
    values[name] = value;
  }
  return values as Values<All>;
}

function namesIn(parameters: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(parameters);
  return names.length === 0 ? "no parameter" : `one of ${names.join(", ")}`;
}

/** A parameter has a wrong value. */
export function wrong(parameter: string, expected: string, found: string): Problem {
  const detail = `parameter ${JSON.stringify(parameter)}: expected ${expected}, found ${found}`;
  return new Problem(400, "wrong-parameter", detail, { members: { parameter, expected, found } });
}

/** Any text that is not empty. */
export const text: Parameter<string> = {
  expected: "a text that is not empty",
  read: (found) => (found === "" ? undefined : found),
};

/** Any text, also none. */
export const anyText: Parameter<string> = { expected: "a text", read: (found) => found };

/** One of some words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Parameter<Word> {
  return {
    expected: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    read: (found) => words.find((word) => word === found),
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;

/** A moment, as epoch milliseconds. */
export const time: Parameter<number> = {
  expected: "a time such as 2026-01-31T12:00:00Z",
  read: (found) => {
    const ms = TIME.test(found) ? Date.parse(found) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
  },
};

/** A time as it goes over the wire. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
