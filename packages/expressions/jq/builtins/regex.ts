import type { Json } from "@antiphon/protocol";
import { type Emit, type Filter, several } from "../filters/filter.ts";
import type { Run } from "../run.ts";
import { add } from "../values/arithmetic.ts";
import { isArray, kindOf } from "../values/kinds.ts";
import { described, fail } from "../values/text.ts";
import { type Builtin, type Builtins, generating, given, ofMany } from "./builtin.ts";
import { allMatches, captured, hasMatch, type Match, toJson } from "./regex-match.ts";

/** Functions of regular expressions. Flags come with the expression, as `["a", "g"]`, or as an argument of their own. */
export const REGEX_BUILTINS: Builtins = {
  "test/1": ofMany((input, [regex = null], run) => tested(input, ...regexAndFlags(regex), run)),
  "test/2": ofMany((input, [regex = null, flags = null], run) => tested(input, regex, flags, run)),
  "match/1": matching(toJson),
  "match/2": matching(toJson),
  "capture/1": matching(captured),
  "capture/2": matching(captured),
  "scan/1": generating((input, [regex = null], emit, run) => scan(input, ...regexAndFlags(regex), emit, run)),
  "scan/2": generating((input, [regex = null, flags = null], emit, run) => scan(input, regex, flags, emit, run)),
  "split/2": generating((input, [regex = null, flags = null], emit, run) => emit(pieces(input, regex, flags, run))),
  "splits/1": generating((input, [regex = null], emit, run) => pieces(input, regex, null, run).forEach(emitEach(emit))),
  "splits/2": generating((input, [regex = null, flags = null], emit, run) =>
    pieces(input, regex, flags, run).forEach(emitEach(emit)),
  ),
  "sub/2": substituting(""),
  "sub/3": substituting(""),
  "gsub/2": substituting("g"),
  "gsub/3": substituting("g"),
};

function tested(input: Json, regex: Json, flags: Json, run: Run): boolean {
  return hasMatch(input, regex, flags, run);
}

/** All flags of one expression come before those of the next, so that the flags are the outer loop. */
function matching(show: (match: Match) => Json): Builtin {
  return (regex, flags) => {
    const filter = given(regex);
    if (flags === undefined) {
      return several((input, frame, emit) =>
        filter.each(input, frame, (value) => {
          for (const match of allMatches(input, ...regexAndFlags(value), frame.run)) emit(show(match));
        }),
      );
    }
    return several((input, frame, emit) =>
      flags.each(input, frame, (modifiers) =>
        filter.each(input, frame, (value) => {
          for (const match of allMatches(input, value, modifiers, frame.run)) emit(show(match));
        }),
      ),
    );
  };
}

function scan(input: Json, regex: Json, flags: Json, emit: Emit, run: Run): void {
  for (const { text, captures } of allMatches(input, regex, withGlobal(flags, run), run)) {
    emit(captures.length === 0 ? text : captures.map((capture) => capture.text));
  }
}

/** What stands between the matches. */
function pieces(input: Json, regex: Json, flags: Json, run: Run): Json[] {
  const found: Json[] = [];
  let end = 0;
  const matches = allMatches(input, regex, withGlobal(flags, run), run);
  const text = String(input);
  for (const { start, text: match } of matches) {
    found.push(text.slice(end, start));
    end = start + match.length;
  }
  found.push(text.slice(end));
  return found;
}

/**
 * `sub` and `gsub`. The replacement sees the named captures, and may have several outputs: each is another result. As
 * in jq, a result that a match has no output for begins again behind it.
 */
function substituting(mode: "" | "g"): Builtin {
  return (regexes, replacement, flags) => {
    const [regex, replaced] = [given(regexes), given(replacement)];
    const eachFlags: Filter["each"] = flags === undefined ? (_input, _frame, emit) => emit("") : flags.each;
    return several((input, frame, emit) =>
      regex.each(input, frame, (source) =>
        eachFlags(input, frame, (modifiers) => {
          const { run } = frame;
          const matches = allMatches(input, source, mode === "g" ? withGlobal(modifiers, run) : modifiers, run);
          const text = String(input);
          const results: string[][] = [];
          let end = 0;
          for (const match of matches) {
            run.charge(1);
            const gap = text.slice(end, match.start);
            let at = 0;
            replaced.each(captured(match), frame, (value) => {
              run.charge(1);
              const piece = add(gap, value, run);
              results[at] ??= [];
              results[at]?.push(String(piece));
              at++;
            });
            end = match.start + match.text.length;
          }
          if (results.length === 0) emit(input);
          for (const result of results) emit(joined([...result, text.slice(end)], run));
        }),
      ),
    );
  };
}

function joined(parts: readonly string[], run: Run): string {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  run.allowText(length);
  run.grow(parts.length);
  return parts.join("");
}

function withGlobal(flags: Json, run: Run): Json {
  if (flags === null) return "g";
  return typeof flags === "string" ? `g${flags}` : fail(`${described(flags, run)} is not a string`);
}

function regexAndFlags(value: Json): readonly [regex: Json, flags: Json] {
  if (typeof value === "string") return [value, null];
  if (isArray(value) && value.length > 0) return [value[0] ?? null, value[1] ?? null];
  return fail(`${kindOf(value)} not a string or array`);
}

function emitEach(emit: Emit): (value: Json) => void {
  return (value) => emit(value);
}
