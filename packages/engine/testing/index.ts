/**
 * Sentences about decisions: given a definition and what has happened, when something comes, then these facts follow.
 */
import type { Definition } from "@antiphon/definition";
import { equalJson, formatJson, type InstanceEvent, type Json } from "@antiphon/protocol";
import {
  absent,
  compile,
  decide,
  type Environment,
  evolveAll,
  type Input,
  type Instance,
  type Workflow,
} from "../index.ts";

/** When everything happens in these tests unless they say otherwise: 2026-01-01, epoch milliseconds. */
export const NOW_MS = 1_767_225_600_000;

export interface Given {
  /** The same, with the clock at another time. */
  at(nowMs: number): Given;
  /** Decides one input after the other, each to its end; the facts of all of them are what `then` looks at. */
  when(...inputs: readonly Input[]): Decided;
}

export interface Decided {
  readonly events: readonly InstanceEvent[];
  readonly instance: Instance;
  /** Throws an Error that shows both if other facts followed than these. */
  then(...expected: readonly InstanceEvent[]): void;
  /** Goes on from here. */
  readonly and: Given;
}

/** A definition, or one that is compiled already, and the facts so far of one of its instances. */
export function given(definition: Definition | Workflow, ...events: readonly InstanceEvent[]): Given {
  const workflow = "definition" in definition ? definition : compile(definition);
  return from(workflow, fold(absent, events, NOW_MS), NOW_MS);
}

/** An instance after some facts. */
export function fold(instance: Instance, events: readonly InstanceEvent[], atMs: number): Instance {
  return evolveAll(instance, events, atMs);
}

/** The world of these tests: a callback URL shows what it stands for. */
export function environmentAt(nowMs: number): Environment {
  return {
    nowMs,
    callbackUrl: (instance, wait) => `https://antiphon.test/callbacks/${instance}/${wait}`,
    childId: (instance, action) => `${instance}:${action}`,
  };
}

function from(workflow: Workflow, instance: Instance, nowMs: number): Given {
  return {
    at: (otherMs) => from(workflow, instance, otherMs),
    when(...inputs) {
      const events: InstanceEvent[] = [];
      let after = instance;
      const take = (input: Input) => {
        const decided = decide(workflow, after, input, environmentAt(nowMs));
        after = fold(after, decided, nowMs);
        events.push(...decided);
      };
      for (const input of inputs) {
        take(input);
        while ("slice" in after) take({ type: "ReachTime" });
      }
      return {
        events,
        instance: after,
        // biome-ignore lint/suspicious/noThenProperty: a sentence reads given, when, then; nobody awaits one.
        then: (...expected) => compare(events, expected),
        and: from(workflow, after, nowMs),
      };
    },
  };
}

function compare(found: readonly InstanceEvent[], expected: readonly InstanceEvent[]): void {
  const length = Math.max(found.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (equal(found[i], expected[i])) continue;
    const lines = (events: readonly InstanceEvent[]) =>
      events.map((event, place) => `${place === i ? "→" : " "} ${formatJson(event as unknown as Json)}`).join("\n");
    throw new Error(`fact ${i + 1} is another one\nexpected:\n${lines(expected)}\nfound:\n${lines(found)}`);
  }
}

function equal(a: InstanceEvent | undefined, b: InstanceEvent | undefined): boolean {
  return a !== undefined && b !== undefined && equalJson(a as unknown as Json, b as unknown as Json);
}
