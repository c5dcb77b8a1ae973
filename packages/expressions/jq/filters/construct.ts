import type { Json } from "@antiphon/protocol";
import type { Run } from "../run.ts";
import { type Members, setMember } from "../values/kinds.ts";
import { fail, toText } from "../values/text.ts";
import { collect, type Filter, type One, several, single } from "./filter.ts";

/** Writes a value into a text, as `@format` does. */
export type Format = (value: Json, run: Run) => string;

/** A member of an object that is being constructed. */
interface MemberFilter {
  readonly key: string | Filter;
  readonly value: Filter;
}

/** `[items]` */
export function array(items: Filter | null): Filter {
  return items === null ? single(() => []) : single(collect(items));
}

/** `{…}`: the first member is the outer loop. */
export function object(members: readonly MemberFilter[]): Filter {
  const fixed = fixedMembers(members);
  if (fixed !== null) return single(fixed);
  return several((input, frame, emit) => {
    const { run } = frame;
    const add = (at: number, made: Members): void => {
      const member = members[at];
      if (member === undefined) {
        run.grow(at);
        emit(made);
        return;
      }
      eachKey(member, (key) =>
        member.value.each(input, frame, (value) => {
          run.turn();
          run.charge(at);
          const copy = { ...made };
          setMember(copy, key, value);
          add(at + 1, copy);
        }),
      );
    };
    const eachKey = ({ key }: MemberFilter, visit: (key: string) => void): void => {
      if (typeof key === "string") visit(key);
      else key.each(input, frame, (value) => visit(nameFrom(value, run)));
    };
    add(0, {});
  });
}

/** `"… \(part) …"`: the last part is the outer loop. */
export function text(parts: readonly (string | Filter)[], format: Format = toText): Filter {
  const pieces = parts.map((part) => (typeof part === "string" ? part : part.one));
  if (pieces.every((piece) => piece !== null)) {
    return single((input, frame) => {
      let result = "";
      for (const piece of pieces) {
        const part = typeof piece === "string" ? piece : format(piece(input, frame), frame.run);
        frame.run.allowText(result.length + part.length, part.length);
        result += part;
      }
      return result;
    });
  }
  return several((input, frame, emit) => {
    const prepend = (at: number, rest: string): void => {
      frame.run.allowText(rest.length);
      const part = parts[at];
      if (part === undefined) emit(rest);
      else if (typeof part === "string") prepend(at - 1, part + rest);
      else part.each(input, frame, (value) => prepend(at - 1, format(value, frame.run) + rest));
    };
    prepend(parts.length - 1, "");
  });
}

/** Refuses what cannot be the name of a member. */
function nameFrom(key: Json, run: Run): string {
  if (typeof key !== "string") return fail("Object keys must be strings");
  run.name(key);
  return key;
}

/** The fast way: each name and each value is exactly one. */
function fixedMembers(members: readonly MemberFilter[]): One | null {
  const names: (string | One)[] = [];
  const values: One[] = [];
  for (const { key, value } of members) {
    const name = typeof key === "string" ? key : key.one;
    if (name === null || value.one === null) return null;
    names.push(name);
    values.push(value.one);
  }
  return (input, frame) => {
    const made: Members = {};
    for (let i = 0; i < values.length; i++) {
      const name = names[i];
      const value = values[i];
      if (name === undefined || value === undefined) break;
      const key = typeof name === "string" ? name : nameFrom(name(input, frame), frame.run);
      if (key === "__proto__") setMember(made, key, value(input, frame));
      else made[key] = value(input, frame);
    }
    frame.run.grow(values.length);
    return made;
  };
}
