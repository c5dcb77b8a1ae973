import type { Json } from "@antiphon/protocol";
import { EMPTY, type Filter, several, single } from "./filter.ts";
import { type Frame, frameAbove } from "./frame.ts";

/** A function's body as it is compiled for calls with one kind of arguments. */
export interface Body {
  /** Set when the body is compiled, which a recursive call in it is before. */
  filter: Filter;
  /** Whether it has exactly one output; assumed of a function while its own body is compiled. */
  single: boolean;
}

/** How a call reaches a function: where its definition stands, its body, and which arguments are values. */
interface CallParts {
  readonly stepsToDefinition: number;
  readonly body: Body;
  readonly args: readonly Filter[];
  /** Arguments for parameters such as `$name`, in their order. Each is bound as a value as well as a closure. */
  readonly values: readonly Filter[];
}

/** A call of a function that a program defines. The first of its values is the outer loop. */
export function functionCall({ stepsToDefinition, body, args, values }: CallParts): Filter {
  const definitionFrame = frameAbove(stepsToDefinition);
  const withArgs = (frame: Frame): Frame => {
    let inner = definitionFrame(frame);
    for (const filter of args) inner = inner.withClosure({ filter, frame });
    return inner;
  };
  const withValues = (input: Json, frame: Frame, visit: (inner: Frame) => void): void => {
    const from = (at: number, inner: Frame): void => {
      const value = values[at];
      if (value === undefined) visit(inner);
      else value.each(input, frame, (bound) => from(at + 1, inner.with(bound)));
    };
    from(0, withArgs(frame));
  };
  const paths: Filter["paths"] = (path, input, frame, emit) => {
    begin(frame);
    try {
      if (values.length === 0) body.filter.paths(path, input, withArgs(frame), emit);
      else withValues(input, frame, (inner) => body.filter.paths(path, input, inner, emit));
    } finally {
      frame.run.leave();
    }
  };
  const ones = values.map((value) => value.one).filter((one) => one !== null);
  if (!body.single || ones.length < values.length) {
    return several((input, frame, emit) => {
      begin(frame);
      try {
        if (values.length === 0) body.filter.each(input, withArgs(frame), emit);
        else withValues(input, frame, (inner) => body.filter.each(input, inner, emit));
      } finally {
        frame.run.leave();
      }
    }, paths);
  }
  return single((input, frame) => {
    begin(frame);
    try {
      let inner = withArgs(frame);
      for (const one of ones) inner = inner.with(one(input, frame));
      return onlyOutput(body.filter, input, inner);
    } finally {
      frame.run.leave();
    }
  }, paths);
}

/** A call of a parameter: its closure stands so many frames up. */
export function parameterCall(steps: number, isSingle: boolean): Filter {
  const closureFrame = frameAbove(steps);
  const closureIn = (frame: Frame) => closureFrame(frame).closure ?? { filter: EMPTY, frame };
  const paths: Filter["paths"] = (path, input, frame, emit) => {
    const closure = closureIn(frame);
    begin(frame);
    try {
      closure.filter.paths(path, input, closure.frame, emit);
    } finally {
      frame.run.leave();
    }
  };
  if (isSingle) {
    return single((input, frame) => {
      frame.run.turn();
      const closure = closureIn(frame);
      return onlyOutput(closure.filter, input, closure.frame);
    }, paths);
  }
  return several((input, frame, emit) => {
    const closure = closureIn(frame);
    begin(frame);
    try {
      closure.filter.each(input, closure.frame, emit);
    } finally {
      frame.run.leave();
    }
  }, paths);
}

/** Each call has its own `finally`, since a function that called another for it would take up stack. */
function begin({ run }: Frame): void {
  run.turn();
  run.enter();
}

function onlyOutput({ one }: Filter, input: Json, frame: Frame): Json {
  if (one === null) throw new Error("a filter that was compiled as having one output turned out to have none or many");
  return one(input, frame);
}
