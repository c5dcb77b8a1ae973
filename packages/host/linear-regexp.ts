import { RE2JS } from "re2js";

/** What a regular expression of a JSON schema may use; each of its tests takes from it. */
export interface Steps {
  take(steps: number): void;
}

/** UTF-16 units of a pattern. */
const PATTERN_LENGTH_MAX = 4_096;

/** Instructions of a compiled pattern, in which a repetition counts as often as it repeats. */
const PATTERN_SIZE_MAX = 10_000;

/** Instructions that the engine goes through for a character, and that cost as much as reading it. */
const INSTRUCTIONS_A_STEP = 16;

const SPACES =
  "\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const LINE_ENDS = "\\n\\r\\x{2028}\\x{2029}";

/** An escape, or a character. */
const UNIT = /\\u\{([0-9a-fA-F]+)\}|\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)|\\u([0-9a-fA-F]{4})|\\[\s\S]|[\s\S]/gu;

/** Whether the rest of a pattern, which begins with `^`, must or must not match. */
const LOOK_AHEAD = /^\(\?([=!])/;

/** A regular expression that is one, and cannot be done in linear time, or is too large. */
export class NotLinearError extends Error {
  override readonly name = "NotLinearError";
}

/**
 * A regular expression as JSON schemas have them (ECMAScript's, with the flag `u`), that takes linear time on whatever text.
 * Look-ahead may stand at its beginning only, behind `^`; there it comes to several expressions. Throws a
 * `SyntaxError` that says what is wrong with a pattern, or `NotLinearError` what cannot be done in linear time.
 */
export class LinearRegExp {
  readonly #parts: readonly { readonly regexp: RE2JS; readonly wanted: boolean }[];
  readonly #steps: Steps;

  constructor(pattern: string, steps: Steps) {
    this.#steps = steps;
    if (pattern.length > PATTERN_LENGTH_MAX) {
      throw new NotLinearError(`pattern of ${pattern.length} characters: expected at most ${PATTERN_LENGTH_MAX}`);
    }
    // Says what is wrong with it in the words of JavaScript, and runs nothing.
    new RegExp(pattern, "u");
    this.#parts = partsOf(pattern).map(([part, wanted]) => ({ regexp: compiled(part, pattern), wanted }));
  }

  test(text: string): boolean {
    return this.#parts.every(({ regexp, wanted }) => {
      this.#steps.take(1 + Math.ceil(((text.length + 1) * regexp.programSize()) / INSTRUCTIONS_A_STEP));
      return regexp.matcher(text).find() === wanted;
    });
  }
}

/** `^(?=a)(?!b)c` matches where `^a` and `^c` do, and `^b` does not. */
function partsOf(pattern: string): readonly (readonly [part: string, wanted: boolean])[] {
  if (!pattern.startsWith("^")) return [[pattern, true]];
  const parts: (readonly [string, boolean])[] = [];
  let rest = pattern.slice(1);
  for (let kind = LOOK_AHEAD.exec(rest)?.[1]; kind !== undefined; kind = LOOK_AHEAD.exec(rest)?.[1]) {
    const end = endOfGroup(rest);
    // What is repeated, or one of several, is no condition on all.
    if (/^[*+?{]/.test(rest.slice(end))) return [[pattern, true]];
    parts.push([`^(?:${rest.slice(3, end - 1)})`, kind === "="]);
    rest = rest.slice(end);
  }
  return parts.length === 0 || hasAlternatives(rest) ? [[pattern, true]] : [...parts, [`^${rest}`, true]];
}

/** Where the group ends that a pattern begins with. */
function endOfGroup(pattern: string): number {
  for (const { unit, at, depth } of syntaxOf(pattern)) if (unit === ")" && depth === 0) return at + 1;
  return pattern.length;
}

function hasAlternatives(pattern: string): boolean {
  return syntaxOf(pattern).some(({ unit, depth }) => unit === "|" && depth === 0);
}

/** The characters of a pattern that are neither escaped nor in a class, each with the number of groups open behind it. */
function* syntaxOf(pattern: string): Generator<{ readonly unit: string; readonly at: number; readonly depth: number }> {
  let [depth, inClass] = [0, false];
  for (let at = 0; at < pattern.length; at++) {
    const unit = pattern.charAt(at);
    if (unit === "\\") at++;
    else if (inClass) inClass = unit !== "]";
    else if (unit === "[") inClass = true;
    else {
      if (unit === "(") depth++;
      if (unit === ")") depth--;
      yield { unit, at, depth };
    }
  }
}

function compiled(part: string, pattern: string): RE2JS {
  const said = `pattern ${JSON.stringify(pattern)}`;
  if (/\(\?<?[=!]/.test(part.replace(/\\[\s\S]/g, ""))) {
    throw new NotLinearError(
      `${said}: expected what takes linear time, found look-around that does not stand behind ^ alone`,
    );
  }
  if (/\\(?:[1-9]|k)/.test(part.replaceAll("\\\\", ""))) {
    throw new NotLinearError(`${said}: expected what takes linear time, found a back-reference`);
  }
  let regexp: RE2JS;
  try {
    regexp = RE2JS.compile(translated(part));
  } catch (error) {
    throw new NotLinearError(`${said}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (regexp.programSize() <= PATTERN_SIZE_MAX) return regexp;
  throw new NotLinearError(`${said}: expected at most ${PATTERN_SIZE_MAX} instructions, found ${regexp.programSize()}`);
}

/** The same in the syntax of RE2, where it means another thing or is unknown. */
function translated(pattern: string): string {
  let result = "";
  let inClass = false;
  for (const [unit, point, high, low, code] of pattern.matchAll(UNIT)) {
    const hexadecimal = point ?? code ?? (high !== undefined && low !== undefined ? pairOf(high, low) : undefined);
    if (hexadecimal !== undefined) result += `\\x{${hexadecimal}}`;
    else if (unit === "\\s") result += inClass ? SPACES : `[${SPACES}]`;
    else if (unit === "\\S" && !inClass) result += `[^${SPACES}]`;
    else if (unit === "\\/" || unit === "\\-") result += inClass && unit === "\\-" ? unit : unit.slice(1);
    else if (unit === "\\0") result += "\\x{0}";
    else if (unit === "." && !inClass) result += `[^${LINE_ENDS}]`;
    else if (unit === "[" && inClass) result += "\\[";
    else {
      if (unit === "[") inClass = true;
      if (unit === "]") inClass = false;
      result += unit;
    }
  }
  return result.replaceAll("[^]", "[\\x{0}-\\x{10ffff}]");
}

function pairOf(high: string, low: string): string {
  return String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)).codePointAt(0)?.toString(16) ?? "";
}
