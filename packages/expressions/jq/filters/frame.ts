import type { Json } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import type { Filter } from "./filter.ts";

/** An argument of a function that is not a value: a filter, and the frame of the caller in which it runs. */
interface Closure {
  readonly filter: Filter;
  readonly frame: Frame;
}

/**
 * What a name stands for while a program runs. Frames form a list from the innermost name outwards; the compiler knows
 * how many steps up a name is. A frame holds a value or a closure; for a label, it is itself what `break` throws.
 */
export class Frame {
  readonly run: Run;
  readonly up: Frame;
  readonly value: Json;
  readonly closure: Closure | null;

  private constructor(run: Run, up: Frame | null, value: Json, closure: Closure | null) {
    this.run = run;
    this.up = up ?? this;
    this.value = value;
    this.closure = closure;
  }

  static outermost(run: Run): Frame {
    return new Frame(run, null, null, null);
  }

  with(value: Json): Frame {
    return new Frame(this.run, this, value, null);
  }

  withClosure(closure: Closure): Frame {
    return new Frame(this.run, this, null, closure);
  }
}

/** A walk of so many steps up, unrolled for the usual few. */
export function frameAbove(steps: number): (frame: Frame) => Frame {
  switch (steps) {
    case 0:
      return (frame) => frame;
    case 1:
      return (frame) => frame.up;
    case 2:
      return (frame) => frame.up.up;
    case 3:
      return (frame) => frame.up.up.up;
    default:
      return (frame) => {
        let found = frame;
        for (let i = 0; i < steps; i++) found = found.up;
        return found;
      };
  }
}
