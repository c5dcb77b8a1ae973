import type { Broker, Cluster } from "kafkajs";

/** A record as a request carries it. */
export interface WireMessage {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Record<string, string>;
}

/** A record as a response carries it. */
export interface WireRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | (Buffer | null)[] | null>>;
  /** A transaction's end, which is no record of anybody's. */
  readonly isControlRecord?: boolean;
}

/** What a fetch found in one partition. */
export interface FetchedPartition {
  readonly partition: number;
  readonly highWatermark: string;
  readonly messages: readonly WireRecord[];
}

export interface FetchAnswer {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
    }[];
  }[];
}

interface ListOffsetsAnswer {
  readonly responses: readonly { readonly partitions: readonly { readonly offset: string }[] }[];
}

export interface JoinAnswer {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  /** Of all members, for the leader alone. */
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

interface OffsetFetchAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
    }[];
  }[];
}

export interface GroupPlaces<Extra = object> {
  readonly topic: string;
  readonly partitions: readonly ({ readonly partition: number } & Extra)[];
}

/**
 * What this adapter uses of kafkajs's brokers: requests of Kafka's protocol, nothing above them. Its own types name half of
 * these, and leave the answers open.
 */
export interface WireBroker {
  fetch(request: {
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly isolationLevel: number;
    readonly topics: readonly GroupPlaces<{ readonly fetchOffset: string; readonly maxBytes: number }>[];
  }): Promise<FetchAnswer>;
  produce(request: {
    readonly acks: number;
    readonly timeout: number;
    readonly topicData: readonly GroupPlaces<{ readonly messages: readonly WireMessage[] }>[];
  }): Promise<ProduceAnswer>;
  listOffsets(request: {
    readonly isolationLevel: number;
    readonly topics: readonly GroupPlaces<{ readonly timestamp: number }>[];
  }): Promise<ListOffsetsAnswer>;
  deleteRecords(request: { readonly topics: readonly GroupPlaces<{ readonly offset: string }>[] }): Promise<unknown>;
  joinGroup(request: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<JoinAnswer>;
  syncGroup(request: {
    readonly groupId: string;
    readonly generationId: number;
    readonly memberId: string;
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: MemberRequest): Promise<unknown>;
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
  offsetFetch(request: {
    readonly groupId: string;
    readonly topics: readonly GroupPlaces[];
  }): Promise<OffsetFetchAnswer>;
  offsetCommit(
    request: MemberRequest & {
      readonly topics: readonly GroupPlaces<{ readonly offset: string; readonly metadata: string }>[];
    },
  ): Promise<unknown>;
}

interface MemberRequest {
  readonly groupId: string;
  readonly groupGenerationId: number;
  readonly memberId: string;
}

const CALLS: readonly (keyof WireBroker)[] = [
  "fetch",
  "produce",
  "listOffsets",
  "deleteRecords",
  "joinGroup",
  "syncGroup",
  "heartbeat",
  "leaveGroup",
  "offsetFetch",
  "offsetCommit",
];

/** The broker with an id, connected. */
export async function brokerOf(cluster: Cluster, nodeId: number): Promise<WireBroker> {
  return wireOf(await cluster.findBroker({ nodeId: String(nodeId) }));
}

/** The broker that coordinates a group, connected. */
export async function coordinatorOf(cluster: Cluster, groupId: string): Promise<WireBroker> {
  return wireOf(await cluster.findGroupCoordinator({ groupId }));
}

function wireOf(broker: Broker): WireBroker {
  const found: object = broker;
  if (speaksWire(found)) return found;
  throw new Error(`expected a broker of kafkajs 2.2.4 with ${CALLS.join(", ")}; this is another version`);
}

function speaksWire(broker: object): broker is WireBroker {
  return CALLS.every((call) => call in broker);
}
