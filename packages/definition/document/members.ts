import type { JsonObject } from "@antiphon/protocol";
import { nearestName } from "./nearest-name.ts";
import type { Node, ObjectNode, Place } from "./node.ts";
import { describe, jsonObjectOf, numberOf, oneOf, placeOfMissing, quote, textOf } from "./node.ts";
import type { Misspelt } from "./problems.ts";
import type { Reading } from "./reading.ts";

/**
 * Reads an object member by member; `kind` names it in problems, `a callback state`. Members that nobody asked for are
 * reported at the end, so what is read is what is known, and no list of names has to be kept beside the code.
 */
export function readObject<T>(
  node: Node | undefined,
  kind: string,
  reading: Reading,
  read: (members: Members) => T,
): T | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== "object") {
    reading.problems.report(node, kind, describe(node));
    return undefined;
  }
  const members = new Members(node, kind, reading);
  const value = read(members);
  members.reportUnknown();
  return value;
}

/**
 * The members of an object. A problem is reported and something of the right type returned in its place, so that
 * reading goes on and finds the other problems; a definition with problems is never handed out.
 */
export class Members {
  readonly place: Place;
  readonly reading: Reading;
  readonly #node: ObjectNode;
  readonly #kind: string;
  readonly #known = new Set<string>();
  /** Names of the author's own making, which nobody misspells. */
  readonly #free = new Set<string>();

  constructor(node: ObjectNode, kind: string, reading: Reading) {
    this.place = node;
    this.reading = reading;
    this.#node = node;
    this.#kind = kind;
  }

  /** The member; a null is as good as none. */
  get(name: string): Node | undefined {
    this.#known.add(name);
    const member = this.#node.members.get(name);
    return member?.kind === "scalar" && member.value === null ? undefined : member;
  }

  /** The member, or a problem that it is missing. */
  require(name: string, expected: string): Node | undefined {
    const member = this.get(name);
    if (member === undefined) this.report(placeOfMissing(this.place, name), expected, "nothing");
    return member;
  }

  text(name: string, expected: string): string {
    return this.#textOf(this.require(name, expected), expected) ?? "";
  }

  /** An empty text is as good as none. */
  optionalText(name: string, expected: string): string | undefined {
    const member = this.get(name);
    return textOf(member) === "" ? undefined : this.#textOf(member, expected);
  }

  /** A list of texts; none if the member is missing. */
  texts(name: string, expected: string): readonly Node[] {
    const items = this.#itemsOf(name, `an array with ${expected} in each place`);
    return items.filter((item) => this.#textOf(item, expected) !== undefined);
  }

  /** An object with a text in each member; empty if the member is missing. */
  textsByName(name: string, expected: string): readonly (readonly [string, Node])[] {
    const kind = `an object with ${expected} in each member`;
    return this.object(name, kind, (members) => members.textsOfEach(expected)) ?? [];
  }

  /** Every member, each of which must be a text. */
  textsOfEach(expected: string): readonly (readonly [string, Node])[] {
    const entries = [...this.#node.members.keys()].map((name) => [name, this.get(name)] as const);
    return entries.filter((entry): entry is [string, Node] => this.#textOf(entry[1], expected) !== undefined);
  }

  /** True or false, or one of these as a text, as SonataFlow allows. */
  flag(name: string, absent: boolean): boolean {
    const member = this.get(name);
    const text = textOf(member);
    if (text === "true" || text === "false") return text === "true";
    if (member !== undefined) this.report(member, "true or false", describe(member));
    return absent;
  }

  /** One of the choices; undefined, after a problem, if it is something else. */
  choice<T extends string>(name: string, choices: readonly T[], absent: T): T | undefined {
    const member = this.get(name);
    const text = textOf(member);
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined || member === undefined) return choice ?? absent;
    this.report(member, oneOf(choices), describe(member), { name: text, among: choices });
    return undefined;
  }

  /** A number, or one written as a text. */
  number(name: string, expected: string, isGood: (value: number) => boolean): number | undefined {
    const member = this.get(name);
    const value = numberOf(member);
    if (value !== undefined && isGood(value)) return value;
    if (member !== undefined) this.report(member, expected, describe(member));
    return undefined;
  }

  jsonObject(name: string): JsonObject | undefined {
    const member = this.get(name);
    const value = jsonObjectOf(member);
    if (member !== undefined && value === undefined) this.report(member, "an object", describe(member));
    return value;
  }

  object<T>(name: string, kind: string, read: (members: Members) => T): T | undefined {
    return readObject(this.get(name), kind, this.reading, read);
  }

  objects<T>(name: string, kind: string, read: (members: Members) => T): readonly T[] {
    const items = this.#itemsOf(name, `an array with ${kind} in each place`);
    return items.map((item) => readObject(item, kind, this.reading, read)).filter((item) => item !== undefined);
  }

  /** Members that mean something only to people, or to whoever reads the same object elsewhere. */
  harmless(...names: readonly string[]): void {
    for (const name of names) this.#known.add(name);
  }

  report(place: Place, expected: string, found: string, misspelt?: Misspelt): void {
    this.reading.problems.report(place, expected, found, misspelt);
  }

  /** A name that is near a known one was meant to be that; any other is read over, as SonataFlow does, but not in silence. */
  reportUnknown(): void {
    if (this.reading.asSonataFlow) return;
    for (const [name, place] of this.#node.keys) {
      if (this.#known.has(name) || this.#free.has(name)) continue;
      const misspelt = { name, among: this.#known };
      if (!this.reading.isLenient && nearestName(name, this.#known) !== undefined) {
        this.report(place, `a member of ${this.#kind}`, quote(name), misspelt);
      } else {
        this.reading.notes.report(place, `a member of ${this.#kind}`, `${quote(name)}, which is read over`);
      }
    }
  }

  /** Members with names of the given form, which are not read here. */
  allow(form: RegExp): void {
    for (const name of this.#node.members.keys()) if (form.test(name)) this.#free.add(name);
  }

  #itemsOf(name: string, expected: string): readonly Node[] {
    const member = this.get(name);
    if (member === undefined) return [];
    if (member.kind === "array") return member.items;
    this.report(member, expected, describe(member));
    return [];
  }

  #textOf(node: Node | undefined, expected: string): string | undefined {
    const text = textOf(node);
    if (node !== undefined && (text === undefined || text === "")) this.report(node, expected, describe(node));
    return text === "" ? undefined : text;
  }
}
