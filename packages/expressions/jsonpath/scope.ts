import type { Json } from "@antiphon/protocol";
import { ExpressionError } from "../errors.ts";
import type { Run } from "../jq/run.ts";
import type { Path } from "./ast.ts";

/** What a path may look at while it is evaluated. */
export interface Scope {
  readonly run: Run;
  /** What `$` is. */
  readonly document: Json;
  /** What `@` is: the value that a filter is asked about, the document elsewhere. */
  readonly item: Json;
}

/** Leads from a value to all that a path finds from there. */
export type Walk = (value: Json, scope: Scope, emit: (value: Json) => void) => void;

/** A path that is ready to be followed. */
export interface CompiledPath {
  /** Whether it leads to one place at most: no wildcard, filter, slice or `..` in it. */
  readonly definite: boolean;
  /**
   * What is there: undefined if there is nothing where a definite path leads, an array of everything for another one.
   * Throws `PathMissing` for the latter if what stands before its first wildcard is not there.
   */
  readonly find: (scope: Scope) => Json | undefined;
}

/** Paths have steps with conditions on paths: what compiles the inner ones is handed on. */
export type CompilePath = (path: Path) => CompiledPath;

/** A path leads over something that is not there, where it must be. */
export class PathMissing extends ExpressionError {
  constructor(path: string) {
    super(`nothing is found at ${path}`);
  }
}
