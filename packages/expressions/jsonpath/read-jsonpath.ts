import type { Json } from "@antiphon/protocol";
import { ExpressionSyntaxError } from "../errors.ts";
import type { Evaluable, Target } from "../evaluable.ts";
import { settledOne } from "../jq/output.ts";
import { type Bindings, type Code, codeOf, NO_BINDINGS, type Run, type RunOptions, runOf } from "../jq/run.ts";
import { inRun, withinStack } from "../jq/within-stack.ts";
import type { Path } from "./ast.ts";
import { compilePath } from "./compile-path.ts";
import { Cursor } from "./cursor.ts";
import { prettyText } from "./pretty.ts";
import { readPath } from "./read-path.ts";
import { type CompiledPath, PathMissing, type Scope } from "./scope.ts";

/** A text of one path or several, as `$.greeting $.name`, ready to be evaluated. */
export interface JsonPath {
  readonly program: Evaluable;
  readonly target: Target;
}

/**
 * Compiles JSONPath as Jayway reads it. Throws `ExpressionSyntaxError`, and `ExpressionLimitError` for a text that is too
 * long or too deeply nested. A text that begins with neither `$` nor `.` is refused, unless `bare`: then `a.b` is `$.a.b`,
 * as it is where nothing but a path can be meant.
 */
export function readJsonPath(text: string, bare: boolean): JsonPath {
  if (!/^[$.]/.test(text) && !bare) throw new ExpressionSyntaxError("expected '$' or '.' at the begin", text, 0);
  const paths = withinStack(() => pathsIn(/^[$@]/.test(text) ? text : `$.${text}`));
  const [only] = paths;
  return {
    program: new Paths(
      withinStack(() => paths.map((path) => ({ ...compilePath(path), source: path.source }))),
      codeOf(text),
    ),
    target: only === undefined || paths.length > 1 ? { names: [], isPlain: false } : targetOf(only),
  };
}

function pathsIn(text: string): readonly Path[] {
  const cursor = new Cursor(text, readPath);
  const paths: Path[] = [];
  do {
    paths.push(readPath(cursor));
    cursor.blanks();
  } while (cursor.here === "$");
  if (!cursor.atEnd) cursor.fail("'.', '[', another path or the end");
  return paths;
}

/** The names at the end of a path, or else the last name in it. */
function targetOf({ root, steps }: Path): Target {
  const isName = (step: Path["steps"][number]): boolean => step.kind === "name";
  const last = steps.findLastIndex((step) => !isName(step));
  const atEnd = steps.slice(last + 1);
  const named = atEnd.length > 0 ? atEnd : steps.filter(isName).slice(-1);
  const names = named.flatMap((step) => (step.kind === "name" ? [step.name] : []));
  return { names, isPlain: last === -1 && root.kind !== "variable" };
}

interface NamedPath extends CompiledPath {
  readonly source: string;
}

class Paths implements Evaluable {
  readonly #paths: readonly NamedPath[];
  readonly #code: Code;

  constructor(paths: readonly NamedPath[], code: Code) {
    this.#paths = paths;
    this.#code = code;
  }

  json(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): Json {
    const [only] = this.#paths;
    if (only === undefined || this.#paths.length > 1) return this.text(input, bindings, options);
    return inRun(runOf(this.#code, bindings, options), (run) => settledOne(found(only, input, run), run));
  }

  /** What the paths find, one behind the other with nothing between; what is no text as JSON for people. */
  text(input: Json, bindings: Bindings = NO_BINDINGS, options?: RunOptions): string {
    return inRun(runOf(this.#code, bindings, options), (run) => {
      let text = "";
      for (const path of this.#paths) {
        const part = prettyText(found(path, input, run), run);
        run.allowText(text.length + part.length, part.length);
        text += part;
      }
      return text;
    });
  }

  /** What is found is true, or is an array that is not empty. */
  truth(input: Json, bindings?: Bindings, options?: RunOptions): boolean {
    const value = this.json(input, bindings, options);
    return value === true || (Array.isArray(value) && value.length > 0);
  }

  list(input: Json, bindings?: Bindings, options?: RunOptions): readonly Json[] {
    const value = this.json(input, bindings, options);
    return Array.isArray(value) ? value : value === null ? [] : [value];
  }
}

function found(path: NamedPath, document: Json, run: Run): Json {
  run.charge(1);
  const scope: Scope = { run, document, item: document };
  const value = path.find(scope);
  if (value === undefined) throw new PathMissing(path.source);
  return value;
}
