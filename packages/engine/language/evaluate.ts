/** The one place where the engine meets the expression language. */
import type { Definition } from "@antiphon/definition";
import {
  type Allowance,
  type Bindings,
  ExpressionLimitError,
  type RunOptions,
  readExpression,
} from "@antiphon/expressions";
import type { Json, JsonObject } from "@antiphon/protocol";
import { secretsIn } from "./secrets.ts";

/** A compiled expression: its result for an input. Throws if it fails on it. */
export type Evaluate<T> = (input: Json, variables: Variables) => T;

/** What an expression may name besides its input; worked out only where it does. */
export interface Variables {
  readonly nowMs: number;
  /** Milliseconds that only go forward, for the limit on time; absent: it is not watched. */
  readonly clock?: (() => number) | undefined;
  /** What all expressions of a decision may use together; absent: each is bounded by itself only. */
  readonly allowance?: Allowance | undefined;
  workflow(): Json;
  readonly constants: JsonObject;
  secret(path: string): string | null;
  /** `$name`: loop variables, and those that the instance was started with. */
  readonly named: JsonObject;
}

/** An expression, once for each thing that its result may be used as. */
export interface Program {
  /** As it was written, without what marks it as an expression. */
  readonly source: string;
  readonly json: Evaluate<Json>;
  readonly text: Evaluate<string>;
  readonly truth: Evaluate<boolean>;
  readonly list: Evaluate<readonly Json[]>;
  /** Where `toStateData` writes to; none is the root. */
  readonly path: readonly string[];
  /** The expression is that path, and nothing else. */
  readonly isPath: boolean;
}

/**
 * Reads an expression of a definition; undefined if the text is none, but a literal. `required`: nothing but an
 * expression may stand there.
 */
export function readerOf(definition: Definition): (text: string, required: boolean) => Program | undefined {
  const language = definition.expressionLang;
  const functions = operationsOf(definition);
  return (text, required) => {
    const expression = readExpression(text, { language, functions, required });
    if (expression.kind === "literal") return undefined;
    const { source, program, target } = expression;
    const secrets = secretsIn(source);
    const bindings = ({ workflow, constants, secret, named }: Variables): Bindings => ({
      ...named,
      WORKFLOW: workflow,
      CONST: constants,
      SECRET: () => secrets(secret),
    });
    return {
      source,
      json: (input, variables) => program.json(input, bindings(variables), optionsFor(variables)),
      text: (input, variables) => program.text(input, bindings(variables), optionsFor(variables)),
      truth: (input, variables) => program.truth(input, bindings(variables), optionsFor(variables)),
      list: (input, variables) => program.list(input, bindings(variables), optionsFor(variables)),
      path: target.names,
      isPath: target.isPlain,
    };
  };
}

/** Whether an expression wanted more than it may have, which is an error wherever it stands. */
export function isOverLimit(error: unknown): boolean {
  return error instanceof ExpressionLimitError;
}

function optionsFor({ nowMs, clock, allowance }: Variables): RunOptions {
  return { now: () => nowMs, localOffsetMs: () => 0, clock, allowance };
}

/** The expression functions, for `fn:name`. */
function operationsOf({ functions }: Definition): Readonly<Record<string, string>> {
  const named = Object.values(functions).flatMap((one) =>
    one.kind === "expression" ? [[one.name, one.expression] as const] : [],
  );
  return Object.fromEntries(named);
}
