/** The one place where the engine meets the expression language. */
import type { Definition } from "@antiphon/definition";
import {
  type Allowance,
  type Bindings,
  type Expression,
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

/** How the expressions of a definition are read. */
export interface Reader {
  /** Undefined if the text is no expression, but a literal. */
  read(text: string): Program | undefined;
  /**
   * Where nothing but an expression may stand. What SonataFlow deploys is none sometimes: it fails where it is reached, for
   * the reason why it does not compile.
   */
  require(text: string): Program;
}

export function readerOf(definition: Definition): Reader {
  const language = definition.expressionLang;
  const functions = operationsOf(definition);

  function programOf({ source, program, target }: Extract<Expression, { kind: "program" }>): Program {
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
  }
  return {
    read(text) {
      const expression = readExpression(text, { language, functions });
      return expression.kind === "program" ? programOf(expression) : undefined;
    },
    require(text) {
      const expression = readExpression(text, { language, functions, required: true });
      if (expression.kind === "program") return programOf(expression);
      return unreadable(text, expression.problem?.message ?? "it is blank");
    },
  };
}

function unreadable(text: string, reason: string): Program {
  const fail = (): never => {
    throw new Error(`it is no expression: ${reason}`);
  };
  return { source: text, json: fail, text: fail, truth: fail, list: fail, path: [], isPath: false };
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
