import { formatJson, isExactNumber, type Json, parseJson } from "@antiphon/protocol";
import { formsOf } from "./secret-forms.ts";

/** A shorter secret, in characters, is not hidden: it would take half of every text along. */
export const SECRET_LENGTH_MIN = 6;

/** A shorter beginning of a secret, in characters, is not told from other text where a message has cut it off. */
export const BEGINNING_LENGTH_MIN = 4;

/** What messages put where they cut a text: jq's, and our own. */
const CUT = /(\.\.\.|…)/;

/** What stands in place of a secret. */
const HIDDEN = "…";

/** One way to write a secret. */
interface Form {
  readonly text: string;
  readonly beginning: string;
  /** The two as they are, and as they stand in JSON if that is not the same. */
  readonly texts: readonly string[];
  readonly beginnings: readonly string[];
}

/**
 * Hides the secrets of now in what is shown and logged, as they are and in the forms in which they are often written. Facts
 * have a secret in them where an expression has put it there, and one that has been changed since is not known any more.
 */
export class SecretMask {
  #formsOf: ReadonlyMap<string, readonly Form[]> = new Map();
  /** Those of all secrets, the longer ones first: one may be part of another. */
  #forms: readonly Form[] = [];

  /** Replaces the secrets that are hidden; those that are too short are not. */
  set(values: Iterable<string>): void {
    const long = [...new Set(values)].filter((value) => !isTooShort(value));
    this.#formsOf = new Map(long.map((value) => [value, this.#formsOf.get(value) ?? formsOf(value).map(toForm)]));
    this.#forms = [...this.#formsOf.values()].flat().toSorted((a, b) => b.text.length - a.text.length);
  }

  /** A document as JSON, without the secrets in its texts, names and numbers. */
  shown(document: Json): string {
    const text = formatJson(document);
    const forms = this.#perhapsIn(text);
    return forms.length === 0 ? text : formatJson(this.#masked(document, forms));
  }

  /** A text without the secrets: in its texts, names and numbers if it is JSON, else wherever they are. */
  hideIn(text: string): string {
    const forms = this.#perhapsIn(text);
    if (forms.length === 0) return text;
    let document: Json;
    try {
      document = parseJson(text);
    } catch {
      return hide(text, forms);
    }
    return formatJson(this.#masked(document, forms));
  }

  /** Those that may be in a text, JSON or other: most texts have none, and none is parsed or gone through for all. */
  #perhapsIn(text: string): readonly Form[] {
    const isCut = CUT.test(text);
    const has = (part: string): boolean => text.includes(part);
    return this.#forms.filter(({ texts, beginnings }) => texts.some(has) || (isCut && beginnings.some(has)));
  }

  #masked(value: Json, forms: readonly Form[]): Json {
    if (typeof value === "string") return hide(value, forms);
    if (typeof value === "number" || isExactNumber(value)) return this.#formsOf.has(formatJson(value)) ? HIDDEN : value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#masked(item, forms));
    const members = Object.entries(value);
    return Object.fromEntries(members.map(([name, one]) => [hide(name, forms), this.#masked(one, forms)]));
  }
}

/** Whether a secret is not hidden because it has too few characters; blanks around it do not count. */
export function isTooShort(secret: string): boolean {
  return secret.trim().length < SECRET_LENGTH_MIN;
}

function toForm(text: string): Form {
  const beginning = [...text.slice(0, 2 * BEGINNING_LENGTH_MIN)].slice(0, BEGINNING_LENGTH_MIN).join("");
  return { text, beginning, texts: alsoInJson(text), beginnings: alsoInJson(beginning) };
}

function alsoInJson(text: string): readonly string[] {
  return [...new Set([text, JSON.stringify(text).slice(1, -1)])];
}

function hide(text: string, forms: readonly Form[]): string {
  const parts = text.split(CUT);
  // After each part but the last, it is cut.
  const whole = parts.map((part, i) => (i + 1 < parts.length ? withoutBeginning(part, forms) : part)).join("");
  return forms.reduce((shown, form) => shown.replaceAll(form.text, HIDDEN), whole);
}

/** A text that was cut, without the beginning of a secret at its end. */
function withoutBeginning(text: string, forms: readonly Form[]): string {
  for (const { text: form, beginning } of forms) {
    for (
      let at = text.indexOf(beginning, text.length - form.length + 1);
      at >= 0;
      at = text.indexOf(beginning, at + 1)
    ) {
      if (form.startsWith(text.slice(at))) return text.slice(0, at) + HIDDEN;
    }
  }
  return text;
}
