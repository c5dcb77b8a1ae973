import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, type Membership, type Owned, settledWithin } from "@antiphon/log";
import type { Cluster } from "kafkajs";
import { Commits, type Position } from "./commits.ts";
import { isPassing, refusalOf } from "./failures.ts";
import { committedOf, Held } from "./held.ts";
import type { GroupTimes } from "./options.ts";
import { type CountTools, PartitionCounts } from "./partition-counts.ts";
import type { Retrying } from "./retrying.ts";
import { decodeAssignment, encodeSubscription, keyOf, type Place, shareOut, topicsOf } from "./subscription.ts";
import { coordinatorOf, type GroupPlaces, type WireBroker } from "./wire.ts";

const PROTOCOL = "antiphon-sticky";
const NOBODY = "";
/** How long a member tries to say that it leaves; otherwise its silence tells. */
const LEAVE_MS_MAX = 2_000;

/** What a member needs of the log it belongs to. */
export interface MemberTools extends CountTools {
  /** Connections of the member's own: joining can take as long as the slowest member. */
  readonly cluster: Cluster;
  readonly retrying: Retrying;
  readonly times: GroupTimes;
  /** The names in Kafka of topics; throws if there is no such topic. */
  readonly kafkaNames: (topics: readonly string[]) => Promise<readonly string[]>;
  /** The member needs its connections no more. */
  readonly left: () => Promise<void>;
}

/**
 * A member of a consumer group.
 *
 * It joins, is given partitions, and stays until the coordinator says that they are shared out anew; then it joins again,
 * telling what it works on, and goes on working. What it is not given again it lets go of: it aborts, awaits the run,
 * and joins once more, so that the leader can give the partition to somebody else. No partition is taken from a member
 * that is alive before its run has returned (up to the limit), and one that it keeps goes on undisturbed.
 *
 * A member that the coordinator no longer knows has lost everything to others: it ends all of its runs, and joins as new.
 * While brokers cannot be reached it works on: nobody else could be given its partitions by them either, and if somebody
 * was, the log takes nothing from an owner that has missed a fact.
 */
export class Member implements Membership {
  readonly stopped: Promise<void>;
  readonly #tools: MemberTools;
  readonly #group: string;
  #topics: readonly string[];
  readonly #held: Held;
  readonly #commits: Commits;
  readonly #counts: PartitionCounts;
  readonly #leaving = new AbortController();
  readonly #left = Promise.withResolvers<void>();
  #failure: Error | undefined;
  /** The topics that the group was told of. */
  #told: readonly string[] = [];
  #memberId = NOBODY;
  #generation = -1;

  constructor(tools: MemberTools, group: string, topics: readonly string[], run: (owned: Owned) => Promise<void>) {
    this.#tools = tools;
    this.#group = group;
    this.#topics = topics;
    this.#held = new Held(run, tools.times.handoverMsMax, (error) => this.#fail(error));
    this.#counts = new PartitionCounts(tools);
    this.#commits = new Commits((positions) => this.#commit(positions), tools.logger);
    this.#leaving.signal.addEventListener("abort", () => this.#left.resolve());
    this.stopped = this.#live();
  }

  async follow(topics: readonly string[]): Promise<void> {
    this.#topics = await this.#tools.kafkaNames(topics);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.stopped.catch(() => {});
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#leaving.abort();
  }

  async #live(): Promise<void> {
    for (let failures = 0; !this.#leaving.signal.aborted; ) {
      try {
        // Joining takes as long as the slowest member; leaving does not wait for that.
        const generation = this.#oneGeneration();
        generation.catch(() => {});
        await Promise.race([generation, this.#left.promise]);
        failures = 0;
      } catch (error) {
        if (!(await this.#survives(error))) this.#fail(errorOf(error));
        else await this.#tools.retrying.pause(failures++);
      }
    }
    await this.#release(this.#held.places());
    await settledWithin(this.#leave(), LEAVE_MS_MAX);
    await this.#tools.left();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Whether the member can go on after an error. */
  async #survives(error: unknown): Promise<boolean> {
    switch (refusalOf(error)) {
      case "UNKNOWN_MEMBER_ID":
        this.#memberId = NOBODY;
        await this.#release(this.#held.places());
        return true;
      case "ILLEGAL_GENERATION":
      case "REBALANCE_IN_PROGRESS":
        return true;
      default:
        if (isPassing(error)) this.#tools.retrying.failed(error);
        return isPassing(error);
    }
  }

  /** From joining to the moment at which the member should join again. */
  async #oneGeneration(): Promise<void> {
    const coordinator = await coordinatorOf(this.#tools.cluster, this.#group);
    const places = await this.#join(coordinator);
    if (this.#leaving.signal.aborted) return;
    const staying = this.#stay();
    const given = new Set(places.map(keyOf));
    const lost = this.#held.places().filter((place) => !given.has(keyOf(place)));
    await this.#take(
      coordinator,
      places.filter((place) => !this.#held.has(place)),
    );
    this.#tools.logger.debug(
      { group: this.#group, generation: this.#generation, places, lost },
      "partitions were shared out",
    );
    if (lost.length === 0) return staying;
    staying.catch(() => {});
    await this.#release(lost);
  }

  async #release(places: readonly Place[]): Promise<void> {
    await this.#held.release(places);
    this.#commits.forget(places);
  }

  async #join(coordinator: WireBroker): Promise<Place[]> {
    const { times } = this.#tools;
    const groupId = this.#group;
    this.#told = this.#topics;
    const metadata = encodeSubscription({
      topics: this.#told,
      held: this.#held.places(),
      generation: this.#generation,
    });
    const { generationId, memberId, leaderId, members } = await coordinator.joinGroup({
      groupId,
      memberId: this.#memberId,
      sessionTimeout: times.sessionTimeoutMs,
      rebalanceTimeout: times.rebalanceTimeoutMs,
      groupProtocols: [{ name: PROTOCOL, metadata }],
    });
    this.#memberId = memberId;
    const counts = await this.#counts.take(memberId === leaderId ? topicsOf(members) : []);
    const groupAssignment = memberId === leaderId ? shareOut(members, counts) : [];
    const { memberAssignment } = await coordinator.syncGroup({ groupId, generationId, memberId, groupAssignment });
    this.#generation = generationId;
    this.#tools.retrying.succeeded();
    return decodeAssignment(memberAssignment);
  }

  /** Begins to work on partitions where their last owners stopped. */
  async #take(coordinator: WireBroker, places: readonly Place[]): Promise<void> {
    if (places.length === 0) return;
    const answer = await coordinator.offsetFetch({ groupId: this.#group, topics: byTopic(places) });
    if (this.#leaving.signal.aborted) return;
    const { topicName } = this.#tools;
    for (const { topic, partitions } of answer.responses) {
      for (const { partition, offset, metadata } of partitions) {
        this.#held.take(
          { topic, partition },
          {
            topic: topicName(topic),
            partition,
            committed: committedOf(offset, metadata),
            // One that outlived the limit of its handover has no say any more.
            commit: async (position) => {
              if (this.#held.has({ topic, partition })) await this.#commits.add({ topic, partition, ...position });
            },
          },
        );
      }
    }
  }

  /** Gives signs of life until partitions are to be shared out anew (an error says so) or the member leaves. */
  async #stay(): Promise<void> {
    const { cluster, times, retrying } = this.#tools;
    const generation = this.#generation;
    for (let failures = 0; ; ) {
      await sleep(times.heartbeatIntervalMs, undefined, { signal: this.#leaving.signal }).catch(() => {});
      if (this.#leaving.signal.aborted || this.#generation !== generation) return;
      try {
        const coordinator = await coordinatorOf(cluster, this.#group);
        await coordinator.heartbeat({ groupId: this.#group, groupGenerationId: generation, memberId: this.#memberId });
        retrying.succeeded();
        failures = 0;
        if (this.#told !== this.#topics || (await this.#counts.haveChanged())) return;
      } catch (error) {
        if (refusalOf(error) === "REBALANCE_IN_PROGRESS") return;
        if (ENDS_MEMBERSHIP.has(refusalOf(error) ?? "") || !isPassing(error)) throw error;
        retrying.failed(error);
        await retrying.pause(failures++);
      }
    }
  }

  async #commit(positions: readonly Position[]): Promise<void> {
    const coordinator = await coordinatorOf(this.#tools.cluster, this.#group);
    await coordinator.offsetCommit({
      groupId: this.#group,
      groupGenerationId: this.#generation,
      memberId: this.#memberId,
      topics: byTopic(
        positions.map(({ offset, note, ...place }) => ({ ...place, offset: String(offset), metadata: note })),
      ),
    });
  }

  async #leave(): Promise<void> {
    if (this.#memberId === NOBODY) return;
    const coordinator = await coordinatorOf(this.#tools.cluster, this.#group);
    await coordinator.leaveGroup({ groupId: this.#group, memberId: this.#memberId });
  }
}

const ENDS_MEMBERSHIP = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION"]);

function byTopic<P extends Place>(places: readonly P[]): GroupPlaces<Omit<P, "topic">>[] {
  const topics = new Map<string, P[]>();
  for (const place of places) topics.set(place.topic, [...(topics.get(place.topic) ?? []), place]);
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
