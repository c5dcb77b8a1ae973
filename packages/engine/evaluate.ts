/** The one place where the engine meets the expression language. */
import type { Definition } from "@antiphon/definition";
import { compile } from "@antiphon/expressions";
import type { Json, JsonObject } from "@antiphon/protocol";

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
  /** Where `toStateData` writes to. */
  readonly path: readonly string[];
  readonly isPlainPath: boolean;
}

/** Reads an expression of a definition; undefined if the text is none, but a literal. */
export function readerOf(definition: Definition): (text: string) => Program | undefined {
  return (text) => {
    let t = text.trim();
    const w = /^\$\{([\s\S]*)\}$/.exec(t) ?? /^\{\{([\s\S]*)\}\}$/.exec(t);
    if (w) t = (w[1] ?? "").trim();
    const fn = /^fn:(.+)$/.exec(t);
    const called = fn && definition.functions[fn[1] ?? ""];
    if (called?.kind === "expression") t = called.expression;
    try {
      const p = compile(t, { variables: ["WORKFLOW", "CONST", "SECRET"] });
      const run = (input: Json, v: Variables) =>
        p.run(input, { WORKFLOW: v.workflow, CONST: v.constants, SECRET: {} }, { now: () => v.nowMs });
      const j = (o: Json[]): Json => (o.length === 0 ? null : o.length === 1 ? (o[0] as Json) : o);
      return {
        json: (i, v) => j(run(i, v)),
        text: (i, v) =>
          run(i, v)
            .map((x: Json) => (x === null ? "" : typeof x === "string" ? x : JSON.stringify(x)))
            .join(" "),
        truth: (i, v) => j(run(i, v)) === true,
        path: /^(\.[A-Za-z_]\w*)+$/.test(t) ? t.slice(1).split(".") : t === "." ? [] : [/([A-Za-z_]\w*)\W*$/.exec(t)?.[1] ?? ""],
        isPlainPath: /^(\.[A-Za-z_]\w*)+$/.test(t) || t === ".",
      };
    } catch {
      return undefined;
    }
  };
}
