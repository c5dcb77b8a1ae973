import type { Json, JsonObject } from "@antiphon/protocol";
import { ExpressionError } from "../../errors.ts";
import type { Run } from "../run.ts";
import { index, isPlainName, iterate, slice } from "../values/access.ts";
import { isContainer, isObject, type Members, setMember } from "../values/kinds.ts";
import { withValueAt } from "../values/replace.ts";
import { type Filter, several, single, type Update } from "./filter.ts";
import { below, mustBeFound } from "./path.ts";

/** `.name` or `.[0]`, the key being known. */
export function member(key: Json): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    emit(below(path, key, input, frame.run), index(input, key, frame.run));
  if (typeof key !== "string") return single((input, frame) => index(input, key, frame.run), paths);
  if (!isPlainName(key)) return single((input, frame) => index(input, key, frame.run), paths, updateOf(key));
  return single(
    (input, frame) => {
      // The usual case, kept free of calls: an object that has it.
      if (typeof input === "object" && input !== null && !Array.isArray(input)) {
        const found = (input as JsonObject)[key];
        if (found !== undefined) return found;
      }
      return index(input, key, frame.run);
    },
    paths,
    updateOf(key),
  );
}

/** `target[key]`: both see the same input, and the keys are the outer loop. */
export function indexed(target: Filter, key: Filter): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    key.each(input, frame, (at) =>
      target.paths(path, input, frame, (found, value) =>
        emit(below(found, at, value, frame.run), index(value, at, frame.run)),
      ),
    );
  const [whole, at] = [target.one, key.one];
  if (whole !== null && at !== null) {
    return single((input, frame) => {
      const found = at(input, frame);
      return index(whole(input, frame), found, frame.run);
    }, paths);
  }
  return several(
    (input, frame, emit) =>
      key.each(input, frame, (found) => target.each(input, frame, (value) => emit(index(value, found, frame.run)))),
    paths,
  );
}

/** `target[key]?`: what cannot be indexed has no output. */
export function indexedLeniently(target: Filter, key: Filter): Filter {
  return several(
    (input, frame, emit) =>
      key.each(input, frame, (at) =>
        target.each(input, frame, (value) => {
          const found = attempt(() => index(value, at, frame.run), frame.run);
          if (found !== undefined) emit(found);
        }),
      ),
    (path, input, frame, emit) =>
      key.each(input, frame, (at) =>
        target.paths(path, input, frame, (place, value) => {
          const inner = below(place, at, value, frame.run);
          const found = attempt(() => index(value, at, frame.run), frame.run);
          if (found !== undefined) emit(inner, found);
        }),
      ),
  );
}

/** `target[from:to]`, or `target[from:to]?` if lenient. */
export function sliced(target: Filter, from: Filter, to: Filter, lenient: boolean): Filter {
  const cut = (value: Json, start: Json, end: Json, run: Run): Json | undefined =>
    lenient ? attempt(() => slice(value, start, end, run), run) : slice(value, start, end, run);
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    from.each(input, frame, (start) =>
      to.each(input, frame, (end) =>
        target.paths(path, input, frame, (place, value) => {
          const inner = below(place, { start, end }, value, frame.run);
          const found = cut(value, start, end, frame.run);
          if (found !== undefined) emit(inner, found);
        }),
      ),
    );
  const [whole, first, last] = [target.one, from.one, to.one];
  if (!lenient && whole !== null && first !== null && last !== null) {
    return single((input, frame) => {
      const end = last(input, frame);
      const start = first(input, frame);
      return slice(whole(input, frame), start, end, frame.run);
    }, paths);
  }
  return several(
    (input, frame, emit) =>
      from.each(input, frame, (start) =>
        to.each(input, frame, (end) =>
          target.each(input, frame, (value) => {
            const found = cut(value, start, end, frame.run);
            if (found !== undefined) emit(found);
          }),
        ),
      ),
    paths,
  );
}

const updateItems: Update = (input, { run }, change) => {
  run.grow(2);
  if (!isObject(input)) {
    const items: Json[] = [];
    iterate(input, run, (value) => items.push(changedOr(change(value), value)));
    return items;
  }
  const members: Members = {};
  iterate(input, run, (value, name) => setMember(members, String(name), changedOr(change(value), value)));
  return members;
};

/** `.[]` */
export const ITEMS: Filter = several(
  (input, frame, emit) => iterate(input, frame.run, emit),
  (path, input, frame, emit) => {
    const place = mustBeFound(path, input, frame.run);
    iterate(input, frame.run, (value, key) => emit({ up: place, key }, value));
  },
  updateItems,
);

/** `.[]?` */
export const ITEMS_IF_ANY: Filter = several(
  (input, frame, emit) => {
    if (isContainer(input)) iterate(input, frame.run, emit);
  },
  (path, input, frame, emit) => {
    const place = mustBeFound(path, input, frame.run);
    if (isContainer(input)) iterate(input, frame.run, (value, key) => emit({ up: place, key }, value));
  },
);

function updateOf(name: string): Update {
  return (input, { run }, change) => {
    const changed = change(index(input, name, run));
    return changed === undefined ? undefined : withValueAt(input, name, changed, run);
  };
}

/** Not `??`, because null is a value. */
function changedOr(changed: Json | undefined, value: Json): Json {
  return changed === undefined ? value : changed;
}

/** Undefined where jq fails; errors that a program cannot catch pass. */
function attempt(access: () => Json, run: Run): Json | undefined {
  try {
    return access();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    run.caught();
    return undefined;
  }
}
