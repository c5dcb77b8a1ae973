import type { StoreLogger } from "@antiphon/store";
import type { Redis } from "ioredis";
import { isReply } from "./failures.ts";

/** Looks how a Redis makes room when its memory is full, and says so when that could take what the store remembers. */
export class EvictionCheck {
  readonly #logger: StoreLogger | undefined;
  #lastFound: string | undefined;

  constructor(logger: StoreLogger | undefined) {
    this.#logger = logger;
  }

  /** Speaks once, and again only if another answer is found later. Never throws: the store works without knowing. */
  async look(client: Redis): Promise<void> {
    const policy = await policyOf(client);
    if (policy === undefined || policy === this.#lastFound) return;
    this.#lastFound = policy;
    if (policy === "unknown") {
      this.#logger?.warn(
        { expected: "noeviction" },
        "Redis does not say its maxmemory-policy; it could not be checked",
      );
    } else if (policy !== "noeviction") {
      this.#logger?.warn(
        { expected: "noeviction", found: policy },
        "Redis may evict what the store remembers, which must then be folded again: set maxmemory-policy to noeviction",
      );
    }
  }
}

/** Undefined when the connection broke. INFO is open to more users than CONFIG GET, which managed servers often refuse. */
async function policyOf(client: Redis): Promise<string | undefined> {
  try {
    return /^maxmemory_policy:(\S+)/m.exec(await client.info("memory"))?.[1] ?? "unknown";
  } catch (error) {
    return isReply(error) ? "unknown" : undefined;
  }
}
