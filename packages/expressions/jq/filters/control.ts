import { ExpressionError } from "../../errors.ts";
import { isTrue } from "../values/kinds.ts";
import { type Filter, several, single } from "./filter.ts";
import { frameAbove } from "./frame.ts";
import { Stop } from "./stop.ts";

/** `if condition then whenTrue else whenFalse end` */
export function conditional(condition: Filter, whenTrue: Filter, whenFalse: Filter): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    condition.each(input, frame, (value) => (isTrue(value) ? whenTrue : whenFalse).paths(path, input, frame, emit));
  const [test, yes, no] = [condition.one, whenTrue.one, whenFalse.one];
  if (test !== null && yes !== null && no !== null) {
    return single((input, frame) => (isTrue(test(input, frame)) ? yes(input, frame) : no(input, frame)), paths);
  }
  return several(
    (input, frame, emit) =>
      condition.each(input, frame, (value) => (isTrue(value) ? whenTrue : whenFalse).each(input, frame, emit)),
    paths,
  );
}

/** `try body catch handler`. An error of whoever takes the outputs is not the body's, and passes. */
export function guarded(body: Filter, handler: Filter): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) => {
    const error = errorOf((outside) =>
      body.paths(path, input, frame, (found, value) => outside(() => emit(found, value))),
    );
    if (error === null) return;
    frame.run.caught();
    handler.paths(null, error.value, frame, emit);
  };
  const [attempt, rescue] = [body.one, handler.one];
  if (attempt !== null && rescue !== null) {
    return single((input, frame) => {
      try {
        return attempt(input, frame);
      } catch (error) {
        if (!(error instanceof ExpressionError)) throw error;
        frame.run.caught();
        return rescue(error.value, frame);
      }
    }, paths);
  }
  return several((input, frame, emit) => {
    const error = errorOf((outside) => body.each(input, frame, (value) => outside(() => emit(value))));
    if (error === null) return;
    frame.run.caught();
    handler.each(error.value, frame, emit);
  }, paths);
}

/** `label $name | body`: the frame made here is what `break` throws. */
export function labelled(body: Filter): Filter {
  return several(
    (input, frame, emit) => {
      const label = frame.with(null);
      stoppedBy(label, () => body.each(input, label, emit));
    },
    (path, input, frame, emit) => {
      const label = frame.with(null);
      stoppedBy(label, () => body.paths(path, input, label, emit));
    },
  );
}

/** `break $name`, the label being so many frames up. */
export function breakTo(steps: number): Filter {
  const labelOf = frameAbove(steps);
  const leave: Filter["each"] = (_input, frame) => {
    throw new Stop(labelOf(frame));
  };
  return several(leave, (_path, input, frame) => leave(input, frame, () => {}));
}

function stoppedBy(label: Stop["label"], body: () => void): void {
  try {
    body();
  } catch (thrown) {
    if (!(thrown instanceof Stop) || thrown.label !== label) throw thrown;
  }
}

/** The error that `body` ended with, unless it came from what `body` did through `outside`. */
function errorOf(body: (outside: (act: () => void) => void) => void): ExpressionError | null {
  let depth = 0;
  try {
    body((act) => {
      depth++;
      act();
      depth--;
    });
    return null;
  } catch (error) {
    if (depth > 0 || !(error instanceof ExpressionError)) throw error;
    return error;
  }
}
