import { fail } from "../values/text.ts";

/** What jq's engine means by a letter behind a backslash, for the engine here; inside and outside of brackets. */
const CLASSES: Readonly<Record<string, readonly [inside: string, outside: string]>> = {
  w: ["\\p{L}\\p{M}\\p{N}\\p{Pc}", "[\\p{L}\\p{M}\\p{N}\\p{Pc}]"],
  W: ["\\W", "[^\\p{L}\\p{M}\\p{N}\\p{Pc}]"],
  d: ["\\p{Nd}", "\\p{Nd}"],
  D: ["\\P{Nd}", "\\P{Nd}"],
  s: ["\\s\\v\\x{85}\\p{Z}", "[\\s\\v\\x{85}\\p{Z}]"],
  S: ["\\S", "[^\\s\\v\\x{85}\\p{Z}]"],
  h: ["0-9a-fA-F", "[0-9a-fA-F]"],
  H: ["\\x00-/:-@G-`g-\\x{10ffff}", "[^0-9a-fA-F]"],
  Z: ["Z", "\\z"],
};

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alpha: "\\p{L}\\p{M}",
  alnum: "\\p{L}\\p{M}\\p{N}",
  digit: "\\p{Nd}",
  lower: "\\p{Ll}",
  upper: "\\p{Lu}",
  punct: "\\p{P}$+<=>^`|~",
  space: "\\s\\v\\x{85}\\p{Z}",
  word: "\\p{L}\\p{M}\\p{N}\\p{Pc}",
};

/** What takes more than linear time, and so is not in the engine here. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^\(\?<?[=!]/, "look-around"],
  [/^\(\?>/, "atomic groups"],
  [/^\\[1-9]|^\\k/, "back-references"],
];

/** One unit of a regular expression: an escape, a POSIX class, the beginning of a group, or a character. */
const UNIT = /\\u([0-9a-fA-F]{4})|\\(?:k|\d+|[\s\S])|\[:\^?\w+:\]|\(\?(?:<?[=!]|>|#[^)]*\))|[*+?}]\+|[\s\S]/gu;

/** Rewrites a regular expression from Oniguruma's syntax, which is jq's, into that of RE2. */
export function translateRegex(source: string, extended: boolean): string {
  let translated = "";
  let inBrackets = false;
  let inComment = false;
  for (const [unit, hexadecimal] of source.matchAll(UNIT)) {
    if (inComment) {
      inComment = unit !== "\n";
    } else if (extended && !inBrackets && /^[\s#]$/.test(unit)) {
      inComment = unit === "#";
    } else if (hexadecimal !== undefined) {
      translated += `\\x{${hexadecimal}}`;
    } else if (inBrackets) {
      inBrackets = unit !== "]";
      translated += translateInBrackets(unit);
    } else {
      inBrackets = unit === "[";
      translated += translateOutside(unit, source);
    }
  }
  return translated;
}

function translateInBrackets(unit: string): string {
  const posix = /^\[:(\^?)(\w+):\]$/.exec(unit);
  if (posix !== null) return posix[1] === "" ? (POSIX_CLASSES[posix[2] ?? ""] ?? unit) : unit;
  return unit.startsWith("\\") ? translateEscape(unit, 0) : unit;
}

function translateOutside(unit: string, source: string): string {
  const refused = REFUSED.find(([pattern]) => pattern.test(unit));
  if (refused !== undefined) {
    return fail(`${source} (at offset 0) is not a valid regex: ${refused[1]} would take more than linear time`);
  }
  if (unit.startsWith("(?#")) return "";
  if (/^[*+?}]\+$/.test(unit)) {
    return fail(`${source} (at offset 0) is not a valid regex: possessive repetition would take more than linear time`);
  }
  return unit.startsWith("\\") ? translateEscape(unit, 1) : unit;
}

/** A backslash before a character that needs none is dropped, where RE2 would refuse it. */
function translateEscape(unit: string, place: 0 | 1): string {
  const letter = unit.slice(1);
  const known = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined;
  if (known !== undefined) return known[place];
  return /^[^\w\s]$/u.test(letter) && letter.charCodeAt(0) > 0x7f ? letter : unit;
}
