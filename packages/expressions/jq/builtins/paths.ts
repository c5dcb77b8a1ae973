import type { Json } from "@antiphon/protocol";
import { ITEMS, indexed } from "../filters/access.ts";
import { pipe } from "../filters/compose.ts";
import { collect, type Filter, IDENTITY, several, single } from "../filters/filter.ts";
import { found, keysOf, type Path, ROOT } from "../filters/path.ts";
import type { Run } from "../run.ts";
import { iterate, valueAt } from "../values/access.ts";
import { isArray, isContainer, isObject, isTrue, kindOf, type Members, memberOf, setMember } from "../values/kinds.ts";
import { withoutPaths } from "../values/remove.ts";
import { withValueAtPath } from "../values/replace.ts";
import { described, fail } from "../values/text.ts";
import { type Builtins, given, ofInput, ofMany, ofOne } from "./builtin.ts";

/** Names under which an entry may have its key. */
const KEY_NAMES = ["key", "Key", "name", "Name"] as const;

/** Functions of paths, and of the entries of objects. */
export const PATH_BUILTINS: Builtins = {
  "map/1": (body) => mapping(given(body)),
  "nth/1": (position) => indexed(IDENTITY, given(position)),
  "path/1": (body) =>
    several((input, frame, emit) =>
      given(body).paths(ROOT, input, frame, (path, value) => emit(keysOf(found(path, value, frame.run), frame.run))),
    ),
  "del/1": (body) =>
    single((input, frame) => {
      const paths: Json[] = [];
      given(body).paths(ROOT, input, frame, (path, value) => {
        paths.push(keysOf(found(path, value, frame.run), frame.run));
      });
      return paths.length === 0 ? input : withoutPaths(input, paths, frame.run);
    }),
  "delpaths/1": ofOne(withoutPaths),
  "getpath/1": (path) => gettingPath(given(path)),
  "setpath/2": ofMany((input, [path = null, value = null], run) => withValueAtPath(input, asPath(path), value, run)),
  "to_entries/0": ofInput((input, run) => {
    if (!isContainer(input)) return fail(`${described(input, run)} has no keys`);
    const entries: Json[] = [];
    iterate(input, run, (value, key) => entries.push({ key, value }));
    run.grow(2);
    return entries;
  }),
  "from_entries/0": ofInput(fromEntries),
};

function mapping(body: Filter): Filter {
  const { one } = body;
  if (one === null) return single(collect(pipe(ITEMS, body)));
  return single((input, frame) => {
    const values: Json[] = [];
    iterate(input, frame.run, (value) => values.push(one(value, frame)));
    frame.run.grow(values.length);
    return values;
  });
}

function gettingPath(argument: Filter): Filter {
  const { one } = argument;
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    argument.each(input, frame, (keys) => {
      const value = valueAt(input, asPath(keys), frame.run);
      frame.run.charge(asPath(keys).length >> 1);
      emit(path === null ? null : asPath(keys).reduce<Path>((up, key) => ({ up, key }), path), value);
    });
  if (one !== null) return single((input, frame) => valueAt(input, asPath(one(input, frame)), frame.run), paths);
  return several(
    (input, frame, emit) => argument.each(input, frame, (keys) => emit(valueAt(input, asPath(keys), frame.run))),
    paths,
  );
}

function asPath(value: Json): readonly Json[] {
  return isArray(value) ? value : fail("Path must be specified as an array");
}

function fromEntries(input: Json, run: Run): Json {
  const made: Members = {};
  iterate(input, run, (entry) => {
    if (entry !== null && !isObject(entry)) fail(`Cannot index ${kindOf(entry)} with string "key"`);
    const read = (name: string): Json => (entry === null ? null : (memberOf(entry, name) ?? null));
    const key = KEY_NAMES.map(read).find(isTrue) ?? null;
    if (typeof key !== "string") return fail(`Cannot use ${described(key, run)} as object key`);
    run.name(key);
    setMember(made, key, read(entry !== null && Object.hasOwn(entry, "value") ? "value" : "Value"));
  });
  run.grow(2);
  return made;
}
