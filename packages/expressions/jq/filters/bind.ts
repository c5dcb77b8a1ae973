import type { Json } from "@antiphon/protocol";
import { ExpressionError } from "../../errors.ts";
import { index } from "../values/access.ts";
import { isArray, kindOf } from "../values/kinds.ts";
import { fail } from "../values/text.ts";
import { type Filter, several, single } from "./filter.ts";
import type { Frame } from "./frame.ts";

/** Gives names to what is in a value: calls `visit` with a frame in which they are bound. */
export interface Binder {
  /** Whether all that happens is that the value itself gets one name. */
  readonly simple: boolean;
  readonly each: (value: Json, input: Json, frame: Frame, visit: (bound: Frame) => void) => void;
}

/** Takes a value apart into slots, one per name, and calls `next` for each way to do so. */
export type Matcher = (value: Json, input: Json, frame: Frame, slots: Json[], next: () => void) => void;

/** A member of an object pattern; its value goes to a slot, or to a pattern, or to both. */
interface MemberMatcher {
  readonly key: Filter;
  readonly slot: number | null;
  readonly pattern: Matcher | null;
}

/** `as $name` */
export const NAMED: Binder = {
  simple: true,
  each: (value, _input, frame, visit) => visit(frame.with(value)),
};

/** `as pattern ?// pattern …`: after an error in one, or in what is done with it, the next is tried. */
export function destructured(matchers: readonly Matcher[], slotCount: number): Binder {
  const last = matchers.length - 1;
  return {
    simple: false,
    each: (value, input, frame, visit) => {
      for (const [i, match] of matchers.entries()) {
        frame.run.charge(1 + slotCount);
        const slots = new Array<Json>(slotCount).fill(null);
        const attempt = (): void =>
          match(value, input, frame, slots, () => visit(slots.reduce((bound, slot) => bound.with(slot), frame)));
        if (i === last) return attempt();
        try {
          return attempt();
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          frame.run.caught();
        }
      }
    },
  };
}

/** `$name` in a pattern. */
export function slotMatcher(slot: number): Matcher {
  return (value, _input, _frame, slots, next) => {
    const before = slots[slot] ?? null;
    slots[slot] = value;
    next();
    slots[slot] = before;
  };
}

/** `[pattern, …]` */
export function arrayMatcher(items: readonly Matcher[]): Matcher {
  return (value, input, frame, slots, next) => {
    if (value !== null && !isArray(value)) fail(`Cannot index ${kindOf(value)} with number`);
    const from = (at: number): void => {
      frame.run.charge(1);
      const match = items[at];
      if (match === undefined) next();
      else match(index(value, at, frame.run), input, frame, slots, () => from(at + 1));
    };
    from(0);
  };
}

/** `{key: pattern, …}` */
export function objectMatcher(members: readonly MemberMatcher[]): Matcher {
  return (value, input, frame, slots, next) => {
    const from = (at: number): void => {
      frame.run.charge(1);
      const member = members[at];
      if (member === undefined) {
        next();
        return;
      }
      const { slot, pattern } = member;
      member.key.each(input, frame, (key) => {
        if (typeof key !== "string") fail(`Cannot index ${kindOf(value)} with ${kindOf(key)}`);
        const inner = index(value, key, frame.run);
        const further =
          pattern === null ? () => from(at + 1) : () => pattern(inner, input, frame, slots, () => from(at + 1));
        if (slot === null) further();
        else slotMatcher(slot)(inner, input, frame, slots, further);
      });
    };
    from(0);
  };
}

/** `source as … | body` */
export function binding(source: Filter, binder: Binder, body: Filter): Filter {
  const paths: Filter["paths"] = (path, input, frame, emit) =>
    source.each(input, frame, (value) =>
      binder.each(value, input, frame, (bound) => body.paths(path, input, bound, emit)),
    );
  const [from, to] = [source.one, body.one];
  if (binder.simple && from !== null && to !== null) {
    return single((input, frame) => to(input, frame.with(from(input, frame))), paths);
  }
  return several(
    (input, frame, emit) =>
      source.each(input, frame, (value) => binder.each(value, input, frame, (bound) => body.each(input, bound, emit))),
    paths,
  );
}
