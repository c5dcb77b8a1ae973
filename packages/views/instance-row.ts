import type { AwaitedEvent, WorkflowError } from "@antiphon/protocol";
import type { IndexEntry } from "@antiphon/store";
import { lists } from "./lists.ts";
import { timeEntry } from "./time-entry.ts";

/** What lists show of an instance. Its data is not here: the orchestrator's own store has that. Times are epoch milliseconds. */
export type InstanceRow = StartedRow &
  (
    | {
        readonly status: "active";
        /** The state that it stands in; absent only until it has entered one. */
        readonly state?: string;
        /** What it waits for, by the wait's id. */
        readonly waits: Readonly<Record<string, WaitRow>>;
        /** When time is up for the waits of a visit, by the visit's number, or for one wait, by its id. */
        readonly deadlines: Readonly<Record<string, number>>;
      }
    | { readonly status: "completed"; readonly endedMs: number }
    | { readonly status: "aborted"; readonly endedMs: number; readonly reason: string }
    | {
        readonly status: "faulted";
        readonly endedMs: number;
        readonly error: Pick<WorkflowError, "code" | "message" | "where" | "child">;
        /** Where it failed, and when time was up for what it would wait for, which stands still. Absent: an earlier release wrote it. */
        readonly state?: string;
        readonly deadlines?: Readonly<Record<string, number>>;
      }
  );

interface StartedRow {
  readonly id: string;
  readonly workflow: string;
  readonly version: string;
  /** Content hash of the definition. */
  readonly definition: string;
  readonly businessKey?: string;
  /** The instance that asked for it, and the one at the root of their family; absent: none did. */
  readonly parent?: string;
  readonly root?: string;
  readonly startedMs: number;
  readonly updatedMs: number;
  /** The offset of its newest decision. */
  readonly newest: number;
}

export type InstanceStatus = InstanceRow["status"];

interface WaitRow {
  readonly state: string;
  readonly events: readonly AwaitedEvent[];
  readonly sinceMs: number;
}

/** One open expectation of an event. */
export interface WaitSummary extends WaitRow {
  readonly instance: string;
  readonly workflow: string;
  readonly wait: string;
  /** When its time is up; absent: never, or its time has not begun. */
  readonly deadlineMs?: number;
}

/** The key of an instance's row. */
export function instanceKey(id: string): string {
  return `instance/${id}`;
}

/** What an instance waits for, in the order in which the waits were opened. */
export function waitsOf(row: InstanceRow): readonly WaitSummary[] {
  if (row.status !== "active") return [];
  return Object.entries(row.waits).map(([wait, { state, events, sinceMs }]) => {
    const deadlineMs = row.deadlines[wait] ?? row.deadlines[visitOf(wait)];
    const deadline = deadlineMs === undefined ? {} : { deadlineMs };
    return { instance: row.id, workflow: row.workflow, wait, state, events, sinceMs, ...deadline };
  });
}

/** The line of a wait in lists of waits. */
export function waitEntry({ sinceMs, instance, wait }: Pick<WaitSummary, "sinceMs" | "instance" | "wait">): string {
  return timeEntry(sinceMs, JSON.stringify([instance, wait]));
}

/** The instance and the wait that a line of a list of waits is about: `about` is what stands behind its time. */
export function readWaitEntry(about: string): { readonly instance: string; readonly wait: string } {
  const [instance, wait] = JSON.parse(about) as [string, string];
  return { instance, wait };
}

/** The lines that lists have for an instance and for its waits. */
export function instanceLines(row: InstanceRow): readonly IndexEntry[] {
  const entry = timeEntry(row.startedMs, row.id);
  const indexes = [lists.instances, lists.instancesOf(row.workflow), lists.instancesThatAre(row.status)];
  if (row.status === "active" || row.status === "faulted") indexes.push(lists.heldInstancesOf(row.workflow));
  if (row.businessKey !== undefined) indexes.push(lists.instancesWithBusinessKey(row.businessKey));
  if (row.parent !== undefined) indexes.push(lists.instancesOfParent(row.parent));
  if (row.root !== undefined) indexes.push(lists.instancesOfRoot(row.root));
  return [...indexes.map((index) => ({ index, entry })), ...waitsOf(row).flatMap(waitLines)];
}

function waitLines(wait: WaitSummary): readonly IndexEntry[] {
  const entry = waitEntry(wait);
  const types = new Set(wait.events.map(({ eventType }) => eventType));
  return [lists.waits, ...[...types].map(lists.waitsFor)].map((index) => ({ index, entry }));
}

/** The visit of a state that a wait or a timer belongs to: their ids are `{visit}.{place}`. */
export function visitOf(id: string): string {
  return /^\d*/.exec(id)?.[0] ?? "";
}
