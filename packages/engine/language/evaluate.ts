/** The one place where the engine meets the expression language. */
import type { Definition } from "@antiphon/definition";
import { outputsToJson, outputsToText, readExpression } from "@antiphon/expressions";
import type { Json, JsonObject } from "@antiphon/protocol";
import { secretsIn } from "./secrets.ts";

/** A compiled expression: its result for an input. Throws if it fails on it. */
export type Evaluate<T> = (input: Json, variables: Variables) => T;

/** What an expression may name besides its input; worked out only where it does. */
export interface Variables {
  readonly nowMs: number;
  workflow(): Json;
  readonly constants: JsonObject;
  secret(path: string): string | null;
}

/** An expression, once for each thing that its result may be used as. */
export interface Program {
  readonly json: Evaluate<Json>;
  readonly text: Evaluate<string>;
  readonly truth: Evaluate<boolean>;
  /** Where `toStateData` writes to; none is the root. */
  readonly path: readonly string[];
  /** The expression is that path, and nothing else. */
  readonly isPath: boolean;
}

/** Reads an expression of a definition; undefined if the text is none, but a literal. */
export function readerOf(definition: Definition): (text: string) => Program | undefined {
  const options = { variables: ["WORKFLOW", "CONST", "SECRET"], functions: operationsOf(definition) };
  return (text) => {
    const expression = readExpression(text, options);
    if (expression.kind === "literal") return undefined;
    const { source, program, target } = expression;
    const secrets = secretsIn(source);
    const run: Evaluate<Json[]> = (input, { nowMs, workflow, constants, secret }) =>
      program.run(
        input,
        { WORKFLOW: workflow, CONST: constants, SECRET: () => secrets(secret) },
        { now: () => nowMs, localOffsetMs: () => 0 },
      );
    return {
      json: (input, variables) => outputsToJson(run(input, variables)),
      text: (input, variables) => outputsToText(run(input, variables)),
      truth: (input, variables) => outputsToJson(run(input, variables)) === true,
      path: target,
      isPath: source.replaceAll('"', "") === `.${target.join(".")}`,
    };
  };
}

/** The expression functions, for `fn:name`. */
function operationsOf({ functions }: Definition): Readonly<Record<string, string>> {
  const named = Object.values(functions).flatMap((one) =>
    one.kind === "expression" ? [[one.name, one.expression] as const] : [],
  );
  return Object.fromEntries(named);
}
