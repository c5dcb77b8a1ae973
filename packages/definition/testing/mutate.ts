import type { Json } from "@antiphon/protocol";
import { pointerTo } from "../document/node.ts";

/** A document in which one member was changed. */
export interface Mutation {
  readonly kind: "removed" | "retyped" | "misspelt";
  /** Where the member was, and, if it was misspelt, where it is now. */
  readonly pointers: readonly string[];
  /** What the member was. */
  readonly was: Json;
  readonly document: Json;
}

/** Values that a member may be replaced by. */
const VALUES: readonly Json[] = [
  {},
  [],
  [null],
  [[]],
  { x: 1 },
  7,
  -0.5,
  true,
  false,
  "",
  "no such thing!",
  "P1M",
  "${ .",
];

/** Numbers from 0 to 1 that a seed determines (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes one member at random. */
export function mutate(document: Json, random: () => number): Mutation {
  const steps = pick(pathsIn(document), random);
  const was = valueAt(document, steps);
  const [parent, name] = [steps.slice(0, -1), steps.at(-1) ?? ""];
  const pointer = pointerOf(steps);
  const choice = random();
  if (choice < 0.3) return { kind: "removed", pointers: [pointer], was, document: change(document, steps, undefined) };
  if (choice < 0.7 || typeof name === "number") {
    return {
      kind: "retyped",
      pointers: [pointer],
      was,
      document: change(document, steps, { value: pick(VALUES, random) }),
    };
  }
  const wrong = misspell(name, random);
  const renamed = change(change(document, steps, undefined), [...parent, wrong], { value: was });
  return { kind: "misspelt", pointers: [pointer, pointerOf([...parent, wrong])], was, document: renamed };
}

type Step = string | number;

/** Where each value within a value stands, as steps that lead there. */
export function pathsIn(value: Json, steps: readonly Step[] = []): readonly (readonly Step[])[] {
  const below = (step: Step, member: Json) => [[...steps, step], ...pathsIn(member, [...steps, step])];
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => below(index, item));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => below(name, member as Json));
}

function valueAt(value: Json, [step, ...more]: readonly Step[]): Json {
  return step === undefined ? value : valueAt((value as Record<Step, Json>)[step] ?? null, more);
}

/** A copy with another value at a place, or none. */
function change(value: Json, [step, ...more]: readonly Step[], to: { readonly value: Json } | undefined): Json {
  if (step === undefined) return to?.value ?? null;
  const isRemoved = more.length === 0 && to === undefined;
  if (Array.isArray(value)) {
    if (isRemoved) return value.filter((_, index) => index !== step);
    return value.map((item: Json, index) => (index === step ? change(item, more, to) : item));
  }
  const entries = Object.entries(value as Record<string, Json>);
  if (isRemoved) return Object.fromEntries(entries.filter(([name]) => name !== step));
  const has = entries.some(([name]) => name === step);
  const all: readonly (readonly [string, Json])[] = has ? entries : [...entries, [String(step), null]];
  return Object.fromEntries(all.map(([name, member]) => [name, name === step ? change(member, more, to) : member]));
}

function misspell(name: string, random: () => number): string {
  const at = Math.floor(random() * name.length);
  const [before, letter, after] = [name.slice(0, at), name.charAt(at), name.slice(at + 1)];
  return pick([`${before}${after}_`, `${before}${letter}${letter}${after}`, `${before}q${after}`, `${name}s`], random);
}

function pick<T>(all: readonly T[], random: () => number): T {
  return all[Math.floor(random() * all.length)] as T;
}

function pointerOf(steps: readonly Step[]): string {
  return steps.reduce((pointer: string, step) => pointerTo(pointer, step), "");
}
