import type { Disposition } from "@antiphon/protocol";
import type { InstanceStatus } from "./instance-row.ts";

/** Names of the ordered lists of a view space. All of them are ordered by time, oldest first. */
export const lists = {
  instances: "instances",
  instancesOf: (workflow: string) => `instances/workflow=${workflow}`,
  instancesThatAre: (status: InstanceStatus) => `instances/status=${status}`,
  /** Those that have not ended: active ones, and failed ones, which may be repaired. */
  heldInstancesOf: (workflow: string) => `instances/held=${workflow}`,
  instancesWithBusinessKey: (businessKey: string) => `instances/business-key=${businessKey}`,
  instancesOfParent: (instance: string) => `instances/parent=${instance}`,
  instancesOfRoot: (instance: string) => `instances/root=${instance}`,
  waits: "waits",
  waitsFor: (eventType: string) => `waits/type=${eventType}`,
  events: "events",
  eventsOfType: (type: string) => `events/type=${type}`,
  eventsThatWere: (disposition: Disposition) => `events/disposition=${disposition}`,
  eventsAt: (instance: string) => `events/instance=${instance}`,
  eventsWithKey: (key: string) => `events/key=${key}`,
  /** Those that are kept for a wait which opens later. */
  eventsHeld: "events/held",
  deadLetters: "dead-letters",
  /** Those that nobody has sent through again with success; their events may have been dealt with otherwise. */
  deadLettersToLookAt: "dead-letters/to-look-at",
} as const;
