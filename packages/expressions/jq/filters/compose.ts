import { isTrue } from "../values/kinds.ts";
import { type Filter, IDENTITY, several, single, type Update } from "./filter.ts";

/** `left | right` */
export function pipe(left: Filter, right: Filter): Filter {
  if (left === IDENTITY) return right;
  if (right === IDENTITY) return left;
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    left.paths(path, input, frame, (found, value) => right.paths(found, value, frame, emit));
  const update = updateThrough(left.update, right.update);
  const [first, second] = [left.one, right.one];
  if (first !== null) {
    if (second !== null) return single((input, frame) => second(first(input, frame), frame), paths, update);
    return several((input, frame, emit) => right.each(first(input, frame), frame, emit), paths, update);
  }
  if (second !== null) {
    return several(
      (input, frame, emit) => left.each(input, frame, (value) => emit(second(value, frame))),
      paths,
      update,
    );
  }
  return several(
    (input, frame, emit) => left.each(input, frame, (value) => right.each(value, frame, emit)),
    paths,
    update,
  );
}

/** `left, right` */
export function comma(left: Filter, right: Filter): Filter {
  return several(
    (input, frame, emit) => {
      // Whatever has more than one output goes through here, or charges in a loop of its own.
      frame.run.turn();
      left.each(input, frame, emit);
      right.each(input, frame, emit);
    },
    (path, input, frame, emit) => {
      frame.run.turn();
      left.paths(path, input, frame, emit);
      right.paths(path, input, frame, emit);
    },
  );
}

/** `left // right`: what is true of the left, or the right if there is none. Errors on the left are errors. */
export function alternative(left: Filter, right: Filter): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) => {
    let any = false;
    left.paths(path, input, frame, (found, value) => {
      if (!isTrue(value)) return;
      any = true;
      emit(found, value);
    });
    if (!any) right.paths(path, input, frame, emit);
  };
  const [first, second] = [left.one, right.one];
  if (first !== null && second !== null) {
    return single((input, frame) => {
      const value = first(input, frame);
      return isTrue(value) ? value : second(input, frame);
    }, paths);
  }
  return several((input, frame, emit) => {
    let any = false;
    left.each(input, frame, (value) => {
      if (!isTrue(value)) return;
      any = true;
      emit(value);
    });
    if (!any) right.each(input, frame, emit);
  }, paths);
}

/** `left and right` (`decides` is false) or `left or right` (`decides` is true). */
export function junction(left: Filter, right: Filter, decides: boolean): Filter {
  const [first, second] = [left.one, right.one];
  if (first !== null && second !== null) {
    return single((input, frame) => {
      return isTrue(first(input, frame)) === decides ? decides : isTrue(second(input, frame));
    });
  }
  return several((input, frame, emit) =>
    left.each(input, frame, (value) => {
      if (isTrue(value) === decides) emit(decides);
      else right.each(input, frame, (other) => emit(isTrue(other)));
    }),
  );
}

function updateThrough(left: Update | null, right: Update | null): Update | null {
  if (left === null || right === null) return null;
  return (input, frame, change) => left(input, frame, (value) => right(value, frame, change));
}
