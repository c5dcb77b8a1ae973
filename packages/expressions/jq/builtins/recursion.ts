import type { Json } from "@antiphon/protocol";
import { ITEMS_IF_ANY } from "../filters/access.ts";
import { type Filter, type One, several, single } from "../filters/filter.ts";
import type { Frame } from "../filters/frame.ts";
import type { Path } from "../filters/path.ts";
import type { Run } from "../run.ts";
import { isTrue } from "../values/kinds.ts";
import { type Builtins, given } from "./builtin.ts";

/** Functions that do something again and again; all of them loop, so that only steps limit them. */
export const RECURSION_BUILTINS: Builtins = {
  "recurse/0": () => recursing(ITEMS_IF_ANY),
  "recurse/1": (next) => recursing(given(next)),
  "repeat/1": (body) => repeating(given(body)),
  "while/2": (condition, next) => looping(given(condition), given(next), true),
  "until/2": (condition, next) => looping(given(condition), given(next), false),
};

/** The input, and all that follows from it, each before what follows from it. */
function recursing(next: Filter): Filter {
  return several(
    (input, frame, emit) => depthFirst(input, frame.run, emit, (value, follow) => next.each(value, frame, follow)),
    (path, input, frame, emit) =>
      depthFirst<readonly [Path | null, Json]>(
        [path, input],
        frame.run,
        ([place, value]) => emit(place, value),
        ([place, value], follow) => next.paths(place, value, frame, (at, inner) => follow([at, inner])),
      ),
  );
}

/** With a stack of its own instead of JavaScript's, which is short. */
function depthFirst<T>(
  start: T,
  run: Run,
  visit: (item: T) => void,
  eachNext: (item: T, follow: (next: T) => void) => void,
): void {
  const stack: T[] = [start];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    run.turn();
    visit(item);
    const nexts: T[] = [];
    eachNext(item, (next) => {
      run.turn();
      nexts.push(next);
    });
    while (nexts.length > 0) stack.push(nexts.pop() as T);
  }
}

/** All releases of jq give the body the same input again, whatever the manual says. */
function repeating(body: Filter): Filter {
  return several(
    (input, frame, emit) => {
      for (;;) {
        frame.run.turn();
        body.each(input, frame, emit);
      }
    },
    (path, input, frame, emit) => {
      for (;;) {
        frame.run.turn();
        body.paths(path, input, frame, emit);
      }
    },
  );
}

/** `while`, which yields each value for which the condition holds, and `until`, which yields the first one. */
function looping(condition: Filter, next: Filter, isWhile: boolean): Filter {
  const [test, follow] = [condition.one, next.one];
  if (test !== null && follow !== null) return isWhile ? whileOne(test, follow) : single(untilOne(test, follow));
  const visit = (input: Json, frame: Frame, emit: (value: Json) => void): void => {
    frame.run.turn();
    frame.run.enter();
    try {
      condition.each(input, frame, (holds) => {
        const goesOn = isTrue(holds) === isWhile;
        if (isWhile === goesOn) emit(input);
        if (goesOn) next.each(input, frame, (value) => visit(value, frame, emit));
      });
    } finally {
      frame.run.leave();
    }
  };
  return several(visit);
}

function whileOne(test: One, follow: One): Filter {
  return several((input, frame, emit) => {
    for (let value = input; isTrue(test(value, frame)); value = follow(value, frame)) {
      frame.run.turn();
      emit(value);
    }
  });
}

function untilOne(test: One, follow: One): One {
  return (input, frame) => {
    let value = input;
    while (!isTrue(test(value, frame))) {
      frame.run.turn();
      value = follow(value, frame);
    }
    return value;
  };
}
