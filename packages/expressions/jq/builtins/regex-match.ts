import type { Json } from "@antiphon/protocol";
import type { CompiledRegex } from "../regex-cache.ts";
import type { Run } from "../run.ts";
import { type Members, setMember } from "../values/kinds.ts";
import { described, fail } from "../values/text.ts";
import { codePointCount, codePointOffsets } from "../values/unicode.ts";
import { watched } from "./watched-text.ts";

/** A match, or a group in it. Offsets in code points are what jq shows, `start` in UTF-16 units is for cutting. */
export interface Match {
  readonly start: number;
  readonly offset: number;
  readonly text: string;
  readonly captures: readonly Capture[];
}

interface Capture {
  readonly offset: number;
  readonly text: string | null;
  readonly name: string | null;
}

/** Whether there is a match. */
export function hasMatch(value: Json, regex: Json, flags: Json, run: Run): boolean {
  const { matcher, compiled } = matcherFor(value, regex, flags, run);
  while (matcher.find()) {
    if (!compiled.ignoresEmpty || matcher.end() > matcher.start()) return true;
    if (!compiled.global) return false;
    run.charge(1);
  }
  return false;
}

/** All matches if the flags say so, the first one otherwise; jq's errors for what is not a text or not a flag. */
export function allMatches(value: Json, regex: Json, flags: Json, run: Run): Match[] {
  const { matcher, compiled, text: input } = matcherFor(value, regex, flags, run);
  const offsetOf = offsetsIn(input, run);
  const matches: Match[] = [];
  const max = compiled.global ? Number.POSITIVE_INFINITY : 1;
  while (matches.length < max) {
    run.charge(1 + (compiled.groupNames.length << 1));
    if (!matcher.find()) break;
    const [start, text] = [matcher.start(), matcher.group() ?? ""];
    if (text === "" && compiled.ignoresEmpty) continue;
    matches.push({ start, offset: offsetOf(start), text, captures: capturesOf(matcher, compiled, text, offsetOf) });
  }
  return matches;
}

/** Throws jq's errors for what is not a text or not a flag. */
function matcherFor(
  input: Json,
  regex: Json,
  flags: Json,
  run: Run,
): { readonly matcher: Matcher; readonly compiled: CompiledRegex; readonly text: string } {
  if (typeof input !== "string") return fail(`${described(input, run)} cannot be matched, as it is not a string`);
  if (typeof regex !== "string") return fail(`${described(regex, run)} cannot be matched, as it is not a string`);
  if (flags !== null && typeof flags !== "string") return fail(`${described(flags, run)} is not a string`);
  run.name(regex);
  const compiled = run.regexes.get(regex, flags ?? "", run);
  const matcher = compiled.pattern.matcher(watched(input, compiled.pattern.programSize(), run));
  return { matcher, compiled, text: input };
}

/** Offsets in code points, which are counted when the first one is wanted. */
function offsetsIn(text: string, run: Run): (offset: number) => number {
  let counted: ((offset: number) => number) | null = null;
  return (offset) => {
    if (counted === null) {
      run.charge(text.length >> 4);
      counted = codePointOffsets(text);
    }
    return counted(offset);
  };
}

/** A match as `match` shows it. */
export function toJson({ offset, text, captures }: Match): Json {
  return {
    offset,
    length: codePointCount(text),
    string: text,
    captures: captures.map((capture) => ({
      offset: capture.offset,
      length: capture.text === null ? 0 : codePointCount(capture.text),
      string: capture.text,
      name: capture.name,
    })),
  };
}

/** The named groups as an object. */
export function captured({ captures }: Match): Json {
  const named: Members = {};
  for (const { name, text } of captures) if (name !== null) setMember(named, name, text);
  return named;
}

type Matcher = ReturnType<CompiledRegex["pattern"]["matcher"]>;

function capturesOf(
  matcher: Matcher,
  { groupNames }: CompiledRegex,
  whole: string,
  offsetOf: (offset: number) => number,
): Capture[] {
  return groupNames.map((name, i) => {
    const text = matcher.group(i + 1);
    if (text !== null) return { offset: offsetOf(matcher.start(i + 1)), text, name };
    // In an empty match jq 1.7 takes each group for one that matched nothing, there.
    return whole === "" ? { offset: offsetOf(matcher.start()), text: "", name } : { offset: -1, text: null, name };
  });
}
