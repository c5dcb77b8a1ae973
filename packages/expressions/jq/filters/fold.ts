import type { Json } from "@antiphon/protocol";
import type { Binder } from "./bind.ts";
import { type Filter, several, single } from "./filter.ts";
import type { Frame } from "./frame.ts";
import type { Path } from "./path.ts";

/** The parts of `reduce source as … (initial; update)` and of `foreach`, which may have an extract. */
interface FoldParts {
  readonly source: Filter;
  readonly binder: Binder;
  readonly initial: Filter;
  readonly update: Filter;
  readonly extract: Filter | null;
}

/** `reduce`: of an update's outputs the last one counts; if there is none, the state becomes null. */
export function reduction({ source, binder, initial, update }: FoldParts): Filter {
  const eachBound = bindEach(source, binder);
  const step = update.one;
  const run = (start: Json, input: Json, frame: Frame): Json => {
    let state = start;
    eachBound(input, frame, (bound) => {
      if (step !== null) {
        state = step(state, bound);
        return;
      }
      let last: Json = null;
      update.each(state, bound, (value) => {
        last = value;
      });
      state = last;
    });
    return state;
  };
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    initial.paths(path, input, frame, (start, value) => {
      let state: { place: Path | null; value: Json } = { place: start, value };
      eachBound(input, frame, (bound) => {
        let last: typeof state = { place: null, value: null };
        update.paths(state.place, state.value, bound, (place, next) => {
          last = { place, value: next };
        });
        state = last;
      });
      emit(state.place, state.value);
    });
  const start = initial.one;
  if (start !== null) return single((input, frame) => run(start(input, frame), input, frame), paths);
  return several((input, frame, emit) => initial.each(input, frame, (value) => emit(run(value, input, frame))), paths);
}

/** `foreach`: each output of an update is the next state, and is extracted. Without any, the state becomes null. */
export function iteration({ source, binder, initial, update, extract }: FoldParts): Filter {
  const eachBound = bindEach(source, binder);
  return several(
    (input, frame, emit) =>
      initial.each(input, frame, (start) => {
        let state = start;
        eachBound(input, frame, (bound) => {
          const current = state;
          state = null;
          update.each(current, bound, (value) => {
            state = value;
            if (extract === null) emit(value);
            else extract.each(value, bound, emit);
          });
        });
      }),
    (path, input, frame, emit) =>
      initial.paths(path, input, frame, (start, first) => {
        let [place, state] = [start, first];
        eachBound(input, frame, (bound) => {
          const current = state;
          state = null;
          update.paths(place, current, bound, (next, value) => {
            place = next;
            state = value;
            if (extract === null) emit(next, value);
            else extract.paths(next, value, bound, emit);
          });
        });
      }),
  );
}

function bindEach(source: Filter, binder: Binder): (input: Json, frame: Frame, visit: (bound: Frame) => void) => void {
  return (input, frame, visit) =>
    source.each(input, frame, (value) => {
      frame.run.turn();
      binder.each(value, input, frame, visit);
    });
}
