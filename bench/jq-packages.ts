import type { Json } from "@antiphon/protocol";

/** A jq package from the npm registry, made to do what ours does: one value from one value. */
export interface Rival {
  readonly name: string;
  /** Compiled once, where it can. Undefined: it does not compile. */
  prepare(filter: string): ((input: Json) => unknown) | undefined;
}

/** The fastest of each sort that install: code generated from a filter, an interpreter, jq itself in WebAssembly. */
export async function loadRivals(): Promise<readonly Rival[]> {
  const fgh = (await load("fgh")) as { compile(filter: string): (input: Json) => unknown[] };
  const jqjs = (await load("@michaelhomer/jqjs")) as { compile(filter: string): (input: Json) => Iterable<unknown> };
  const wasm = (await load("jq-wasm")) as { loadJq(): Promise<{ json(input: Json, filter: string): unknown[] }> };
  const jq = await wasm.loadJq();
  return [
    {
      name: "fgh 2.4.1",
      prepare: unlessRefused((filter) => {
        const evaluate = fgh.compile(filter);
        return (input) => evaluate(input)[0];
      }),
    },
    {
      name: "@michaelhomer/jqjs 1.6.0",
      prepare: unlessRefused((filter) => {
        const evaluate = jqjs.compile(filter);
        return (input) => [...evaluate(input)][0];
      }),
    },
    { name: "jq-wasm 3.0.0 (jq 1.8.2)", prepare: (filter) => (input) => jq.json(input, filter)[0] },
  ];
}

// By a name that the compiler does not follow: not all of them have types, and none is ours.
function load(name: string): Promise<unknown> {
  return import(name);
}

function unlessRefused(compile: (filter: string) => (input: Json) => unknown): Rival["prepare"] {
  return (filter) => {
    try {
      return compile(filter);
    } catch {
      return undefined;
    }
  };
}
