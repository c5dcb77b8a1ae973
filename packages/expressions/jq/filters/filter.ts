import type { Json } from "@antiphon/protocol";
import type { Frame } from "./frame.ts";
import type { Path } from "./path.ts";

/**
 * A compiled piece of a program. Filters are closures over closures, and come in two kinds. Most yield exactly one
 * output: these are called directly, and everything they are used for stays direct. The others push their outputs
 * into a function, so that nothing is collected that nobody asked for.
 */
export interface Filter {
  /** Computes the only output; null for a filter that may have none or many. */
  readonly one: One | null;
  /** Calls `emit` with each output. */
  readonly each: Each;
  /** As `each`, and says where in the input each output was found; null is nowhere, it was computed. */
  readonly paths: Paths;
  /** Rebuilds the input with other outputs, where that needs no paths. */
  readonly update: Update | null;
}

export type One = (input: Json, frame: Frame) => Json;
export type Emit = (value: Json) => void;
export type Each = (input: Json, frame: Frame, emit: Emit) => void;
type EmitPath = (path: Path | null, value: Json) => void;
export type Paths = (path: Path | null, input: Json, frame: Frame, emit: EmitPath) => void;

/**
 * Replaces what a filter finds in its input by what `change` makes of it; undefined if it finds nothing. Only filters
 * whose outputs never overlap have it: for `.a`, `.[]`, `select(f)` and pipes of these it comes to what paths come to.
 */
export type Update = (input: Json, frame: Frame, change: Change) => Json | undefined;
type Change = (value: Json) => Json | undefined;

/** A filter with exactly one output. */
export function single(one: One, paths: Paths | null = null, update: Update | null = null): Filter {
  return {
    one,
    each: (input, frame, emit) => emit(one(input, frame)),
    paths: paths ?? ((path, input, frame, emit) => emitComputed(path, input, one(input, frame), emit)),
    update,
  };
}

/** A filter with any number of outputs. */
export function several(each: Each, paths: Paths | null = null, update: Update | null = null): Filter {
  return {
    one: null,
    each,
    paths:
      paths ?? ((path, input, frame, emit) => each(input, frame, (value) => emitComputed(path, input, value, emit))),
    update,
  };
}

export const IDENTITY: Filter = single(
  (input) => input,
  (path, input, _frame, emit) => emit(path, input),
  (input, _frame, change) => change(input),
);

export const EMPTY: Filter = several(
  () => {},
  () => {},
);

export function constant(value: Json): Filter {
  return single(() => value);
}

/** To jq, a value that was computed is still where the input is, if it is the very same; but numbers never are. */
function emitComputed(path: Path | null, input: Json, value: Json, emit: EmitPath): void {
  emit(value === input && typeof value !== "number" ? path : null, value);
}

/** All outputs of a filter in one array. */
export function collect({ one, each }: Filter): One {
  if (one !== null) {
    return (input, frame) => {
      frame.run.grow(1);
      return [one(input, frame)];
    };
  }
  return (input, frame) => {
    const values: Json[] = [];
    const { run } = frame;
    each(input, frame, (value) => {
      run.turn();
      values.push(value);
    });
    run.grow(values.length);
    return values;
  };
}
