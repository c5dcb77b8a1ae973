import type { Json } from "@antiphon/protocol";
import type { CompiledRegex } from "../regex-cache.ts";
import type { Run } from "../run.ts";
import { type Members, setMember } from "../values/kinds.ts";
import { described, fail } from "../values/text.ts";
import { codePointCount, codePointOffsets } from "../values/unicode.ts";

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

/** All matches if the flags say so, the first one otherwise; jq's errors for what is not a text or not a flag. */
export function allMatches(input: Json, regex: Json, flags: Json, run: Run, most = Number.POSITIVE_INFINITY): Match[] {
  if (typeof input !== "string") return fail(`${described(input)} cannot be matched, as it is not a string`);
  if (typeof regex !== "string") return fail(`${described(regex)} cannot be matched, as it is not a string`);
  if (flags !== null && typeof flags !== "string") return fail(`${described(flags)} is not a string`);
  const compiled = run.regexes.get(regex, flags ?? "");
  const matcher = compiled.pattern.matcher(input);
  const offsetOf = codePointOffsets(input);
  const matches: Match[] = [];
  const max = compiled.global ? most : 1;
  const cost = 1 + (compiled.pattern.programSize() >> 6);
  for (let from = 0; matches.length < max; from = matcher.end()) {
    const found = matcher.find();
    const read = (found && !compiled.looksAhead ? matcher.end() : input.length) - from;
    run.charge(1 + (read >> 2) * cost);
    if (!found) break;
    const [start, text] = [matcher.start(), matcher.group() ?? ""];
    if (text === "" && compiled.ignoresEmpty) continue;
    matches.push({ start, offset: offsetOf(start), text, captures: capturesOf(matcher, compiled, text, offsetOf) });
  }
  return matches;
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
