import { RE2JS, RE2JSException } from "re2js";
import { REGEX_CACHE_MAX, REGEX_LENGTH_MAX, REGEX_SIZE_MAX, STEPS_OF_REGEX_SIZE } from "../limits.ts";
import { regexSize } from "./builtins/regex-size.ts";
import { translateRegex } from "./builtins/regex-syntax.ts";
import { fail } from "./values/text.ts";

/** A regular expression, and jq's flags that are not the engine's. */
export interface CompiledRegex {
  readonly pattern: RE2JS;
  /** The names of its groups, in order; null for a group without one. */
  readonly groupNames: readonly (string | null)[];
  readonly global: boolean;
  readonly ignoresEmpty: boolean;
}

/** The regular expressions of a program. They mostly stand in it as they are, so that each is compiled once. */
export class RegexCache {
  readonly #compiled = new Map<string, CompiledRegex>();

  /** Compiling one is charged to the run that needs it first. */
  get(source: string, flags: string, run: { charge(steps: number): void } | null): CompiledRegex {
    const key = `${flags}/${source}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const regex = compileRegex(source, flags, run);
    if (this.#compiled.size >= REGEX_CACHE_MAX) this.#compiled.clear();
    this.#compiled.set(key, regex);
    return regex;
  }
}

function compileRegex(source: string, flags: string, run: { charge(steps: number): void } | null): CompiledRegex {
  if (source.length > REGEX_LENGTH_MAX) {
    return fail(
      `a regular expression of ${source.length} characters is too long, at most ${REGEX_LENGTH_MAX} are read`,
    );
  }
  if (/[^gimnpslx]/.test(flags)) return fail(`${flags} is not a valid modifier string`);
  let engineFlags = 0;
  if (flags.includes("i")) engineFlags |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("p")) engineFlags |= RE2JS.DOTALL;
  if (flags.includes("l")) engineFlags |= RE2JS.LONGEST_MATCH;
  const translated = translateRegex(source, flags.includes("x"));
  const size = regexSize(translated) * (flags.includes("i") || translated.includes("(?i") ? 2 : 1);
  if (size > REGEX_SIZE_MAX) {
    return fail(
      `a regular expression of size ${size} is too large: repetitions and classes count, up to ${REGEX_SIZE_MAX}`,
    );
  }
  run?.charge(size * STEPS_OF_REGEX_SIZE);
  const pattern = compilePattern(source, translated, engineFlags);
  const groupNames = new Array<string | null>(pattern.groupCount()).fill(null);
  for (const [name, group] of Object.entries(pattern.namedGroups())) groupNames[group - 1] = name;
  return { pattern, groupNames, global: flags.includes("g"), ignoresEmpty: flags.includes("n") };
}

function compilePattern(source: string, translated: string, engineFlags: number): RE2JS {
  try {
    return RE2JS.compile(translated, engineFlags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return fail(`${source} (at offset 0) is not a valid regex: ${error.message}`);
  }
}
