import { assignSticky } from "@antiphon/log";
import { AssignerProtocol } from "kafkajs";
import type { JoinAnswer } from "./wire.ts";

/** One partition of one topic, by its name in Kafka. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** What a member tells the others when it joins. */
export interface Subscription {
  readonly topics: readonly string[];
  /** What it still works on, and in which generation of the group it was given that. */
  readonly held: readonly Place[];
  readonly generation: number;
}

const PROTOCOL_VERSION = 1;

/** As Kafka's own consumers write it, so that the broker and its tools understand which topics a group reads. */
export function encodeSubscription({ topics, held, generation }: Subscription): Buffer {
  const userData = Buffer.from(JSON.stringify({ held, generation }));
  return AssignerProtocol.MemberMetadata.encode({ version: PROTOCOL_VERSION, topics: [...topics], userData });
}

function decodeSubscription(metadata: Buffer): Subscription {
  const decoded = AssignerProtocol.MemberMetadata.decode(metadata);
  if (decoded === null) throw new Error("a member of the group joined without a subscription");
  // Members of one group run the same program, which has just written this.
  const { held, generation } = JSON.parse(decoded.userData.toString()) as Pick<Subscription, "held" | "generation">;
  return { topics: decoded.topics, held, generation };
}

/**
 * The leader's decision: who gets which places. A place that a member still works on is given to nobody else; it
 * is left out, so that its owner sees that it has to let go, and will be given away when the owner joins again.
 */
export function shareOut(
  members: JoinAnswer["members"],
  partitions: ReadonlyMap<string, number>,
): { memberId: string; memberAssignment: Buffer }[] {
  const subscriptions = new Map(
    members.map(({ memberId, memberMetadata }) => [memberId, decodeSubscription(memberMetadata)]),
  );
  const places = new Map<string, Place>();
  for (const [topic, count] of partitions) {
    for (let partition = 0; partition < count; partition++)
      places.set(keyOf({ topic, partition }), { topic, partition });
  }
  const owners = ownersOf(subscriptions, places);
  const candidates = [...subscriptions].map(([id, { topics }]) => ({
    id,
    places: new Set([...places].filter(([, { topic }]) => topics.includes(topic)).map(([key]) => key)),
  }));
  const assigned = assignSticky(owners, candidates);
  return members.map(({ memberId }) => {
    const mine = [...places].filter(([key]) => {
      return assigned.get(key) === memberId && (owners.get(key) ?? memberId) === memberId;
    });
    return { memberId, memberAssignment: encodeAssignment(mine.map(([, place]) => place)) };
  });
}

/** Of two who claim a place, the one that was given it later has it. */
function ownersOf(
  subscriptions: ReadonlyMap<string, Subscription>,
  places: ReadonlyMap<string, Place>,
): Map<string, string | undefined> {
  const owners = new Map<string, string | undefined>([...places.keys()].map((key) => [key, undefined]));
  const byAge = [...subscriptions].toSorted(([, a], [, b]) => a.generation - b.generation);
  for (const [memberId, { held }] of byAge) {
    for (const place of held) if (owners.has(keyOf(place))) owners.set(keyOf(place), memberId);
  }
  return owners;
}

/** The topics that any member reads; told by the leader. */
export function topicsOf(members: JoinAnswer["members"]): readonly string[] {
  return [...new Set(members.flatMap(({ memberMetadata }) => decodeSubscription(memberMetadata).topics))];
}

function encodeAssignment(places: readonly Place[]): Buffer {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of places) assignment[topic] = [...(assignment[topic] ?? []), partition];
  return AssignerProtocol.MemberAssignment.encode({ version: PROTOCOL_VERSION, assignment, userData: Buffer.of() });
}

/** The places that a member was given. */
export function decodeAssignment(assignment: Buffer): Place[] {
  const decoded = AssignerProtocol.MemberAssignment.decode(assignment);
  return Object.entries(decoded?.assignment ?? {}).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

/** A place as a key of a map. */
export function keyOf({ topic, partition }: Place): string {
  return `${partition}/${topic}`;
}
