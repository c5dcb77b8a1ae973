import { formatJson, isExactNumber, type Json, parseJson } from "@antiphon/protocol";

/** A shorter secret, in characters, is not hidden: it would take half of every text along. */
export const SECRET_LENGTH_MIN = 6;

/** What stands in place of a secret. */
const HIDDEN = "…";

/**
 * Hides the secrets of now in what is shown and logged. Facts have a secret in them where an expression has put it there,
 * and one that has been changed since is not known any more.
 */
export class SecretMask {
  #secrets: readonly string[] = [];
  /** As they stand in JSON. */
  #written: readonly string[] = [];

  /** Replaces the secrets that are hidden; those shorter than `SECRET_LENGTH_MIN` are not. */
  set(values: Iterable<string>): void {
    const long = [...new Set(values)].filter((value) => value.length >= SECRET_LENGTH_MIN);
    // One that is part of another comes after it.
    this.#secrets = long.toSorted((a, b) => b.length - a.length);
    this.#written = this.#secrets.map((value) => JSON.stringify(value).slice(1, -1));
  }

  /** A JSON document without the secrets in its texts and names; another text stays as it is. */
  hideIn(text: string): string {
    if (!this.#written.some((secret) => text.includes(secret))) return text;
    let document: Json;
    try {
      document = parseJson(text);
    } catch {
      return this.#hide(text);
    }
    return formatJson(this.#masked(document));
  }

  #masked(value: Json): Json {
    if (typeof value === "string") return this.#hide(value);
    if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
    if (Array.isArray(value)) return value.map((item) => this.#masked(item));
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [this.#hide(name), this.#masked(one)]));
  }

  #hide(text: string): string {
    return this.#secrets.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
  }
}
