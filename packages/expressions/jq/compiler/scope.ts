import type { Body } from "../filters/call.ts";
import type { Definition } from "../syntax/ast.ts";

/** What a name means at a place in a program. */
type Meaning =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "label"; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string; readonly single: boolean }
  | FunctionMeaning;

/** A function; compiled anew for each combination of arguments with one and with any number of outputs. */
export interface FunctionMeaning {
  readonly kind: "function";
  readonly name: string;
  readonly definition: Definition;
  readonly bodies: Map<string, Body>;
}

/** A name that was found: its meaning, and the scope that it was given in. */
export interface Found<M extends Meaning> {
  readonly meaning: M;
  readonly scope: Scope;
}

/** The names at a place in a program, as a list from the innermost outwards. Mirrors the frames at run time. */
export class Scope {
  static readonly OUTERMOST = new Scope(null, null, 0);

  readonly depth: number;
  readonly #up: Scope | null;
  readonly #meaning: Meaning | null;

  private constructor(up: Scope | null, meaning: Meaning | null, depth: number) {
    this.#up = up;
    this.#meaning = meaning;
    this.depth = depth;
  }

  /** A scope with one name more. All but functions have a frame when the program runs. */
  with(meaning: Meaning): Scope {
    return new Scope(this, meaning, this.depth + (meaning.kind === "function" ? 0 : 1));
  }

  variable(name: string): number | null {
    return this.#stepsTo((meaning) => meaning.kind === "variable" && meaning.name === name);
  }

  label(name: string): number | null {
    return this.#stepsTo((meaning) => meaning.kind === "label" && meaning.name === name);
  }

  /** A function, or a parameter, which takes no arguments itself. */
  callable(name: string, arity: number): Found<Meaning & { kind: "function" | "parameter" }> | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.#up) {
      const meaning = scope.#meaning;
      if (meaning === null || meaning.name !== name) continue;
      if (meaning.kind === "parameter" && arity === 0) return { meaning, scope };
      if (meaning.kind === "function" && meaning.definition.parameters.length === arity) return { meaning, scope };
    }
    return null;
  }

  #stepsTo(wanted: (meaning: Meaning) => boolean): number | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.#up) {
      if (scope.#meaning !== null && wanted(scope.#meaning)) return this.depth - scope.depth;
    }
    return null;
  }
}
