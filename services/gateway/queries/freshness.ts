import type { Definitions } from "@antiphon/host/definitions";
import type { topics } from "@antiphon/protocol";
import { spacesOf, type ViewedTopic, viewedTopics } from "@antiphon/views";
import { unavailable } from "../http/errors.ts";
import type { QueryPorts } from "./query-ports.ts";
import { SharedLook } from "./shared-look.ts";

/** How long a query waits for what it reads to catch up, in milliseconds, and how often that is looked at. */
export const CATCH_UP_MS_MAX = 5_000;
export const LOOK_AGAIN_MS = 10;

/** A topic that is followed into what queries read: views, or the definitions that this process knows. */
export type ReadTopic = ViewedTopic | typeof topics.definitions;

type Ports = Pick<QueryPorts, "log" | "store" | "clock" | "partitions"> & {
  readonly definitions: Pick<Definitions, "newest">;
};

/** By partition: the ends of a topic of views, and how far it has been followed. */
interface Followed {
  readonly ends: SharedLook<readonly number[]>;
  readonly positions: SharedLook<readonly number[]>;
}

/**
 * Lets queries wait until what they read holds all that the logs held when they came: whoever was answered that something
 * has changed finds it from then on, by whatever gateway. All queries share the looks that this takes.
 */
export class Freshness {
  readonly #clock: Ports["clock"];
  readonly #definitions: Ports["definitions"];
  readonly #followed: ReadonlyMap<ReadTopic, Followed>;

  constructor({ log, store, clock, partitions, definitions }: Ports) {
    this.#clock = clock;
    this.#definitions = definitions;
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    const endsOf = (topic: ViewedTopic) => async () => {
      const bounds = await Promise.all(all.map((partition) => log.bounds(topic, partition)));
      return bounds.map(({ end }) => end);
    };
    const positionsOf = (topic: ViewedTopic) => async () => {
      const held = await Promise.all(spacesOf(topic, partitions).map((space) => store.load(space, [])));
      return held.map(({ position }) => position ?? 0);
    };
    this.#followed = new Map(
      viewedTopics.map((topic) => {
        return [topic, { ends: new SharedLook(endsOf(topic)), positions: new SharedLook(positionsOf(topic)) }];
      }),
    );
  }

  /**
   * Resolves once what follows the topics is where they ended when this was called. A 503 if it is not within
   * `CATCH_UP_MS_MAX`; throws what the log or the store throws when it cannot be reached.
   */
  async caughtUp(read: readonly ReadTopic[] = viewedTopics): Promise<void> {
    const over = new AbortController();
    try {
      const late = this.#clock.sleep(CATCH_UP_MS_MAX, over.signal).then(() => "late" as const);
      const all = Promise.all(read.map((topic) => this.#followedUp(topic, over.signal)));
      if ((await Promise.race([all, late])) !== "late") return;
    } finally {
      over.abort();
    }
    const instead = 'ask again, or for what there is, with the header "Cache-Control: max-stale"';
    throw unavailable(`what this reads has been behind ${read.join(", ")} for ${CATCH_UP_MS_MAX} ms: ${instead}`);
  }

  async #followedUp(topic: ReadTopic, signal: AbortSignal): Promise<void> {
    const followed = this.#followed.get(topic);
    if (followed === undefined) return this.#definitions.newest();
    const { ends, positions } = followed;
    const awaited = await ends.see();
    while (!signal.aborted) {
      const reached = await positions.see();
      if (awaited.every((end, partition) => (reached[partition] ?? 0) >= end)) return;
      await this.#clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }
}
