import type { ConnectionOptions } from "node:tls";
import type { Commit, Loaded, Range, Space, Store, StoreLogger } from "@antiphon/store";
import type { Redis } from "ioredis";
import { COMMIT_SCRIPT, COMMIT_SHA, commitArguments } from "./commit-script.ts";
import { RedisConnection } from "./connection.ts";
import { EvictionCheck } from "./eviction.ts";
import { isScriptUnknown } from "./failures.ts";
import { bounds, listPrefix, POSITION_FIELD, spaceKeys, valueField } from "./keys.ts";

const PREFIX = "antiphon";
const UNAVAILABLE_AFTER_MS = 5_000;

export interface RedisStoreOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  readonly url: string;
  /** What all keys begin with; "antiphon" unless told. */
  readonly prefix?: string;
  /** Certificates and names beyond what `rediss://` says. */
  readonly tls?: ConnectionOptions;
  /** Hears once when Redis is lost, once when it is back, and of a policy that evicts. */
  readonly logger?: StoreLogger;
  /** How long a call waits for a Redis that cannot be reached before it throws `StoreUnavailableError`; 5 s unless told. */
  readonly unavailableAfterMs?: number;
}

/**
 * A store in Redis 7 or Valkey. Connects in the background and goes on doing so: a Redis that is away fails calls, not
 * the start. A commit whose answer was lost throws `StoreUnavailableError` at once and is never sent again by itself.
 */
export function redisStore(options: RedisStoreOptions): Store {
  return new RedisStore(options);
}

class RedisStore implements Store {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  constructor({ prefix = PREFIX, unavailableAfterMs = UNAVAILABLE_AFTER_MS, ...connection }: RedisStoreOptions) {
    this.#prefix = prefix;
    this.#connection = new RedisConnection({ ...connection, unavailableAfterMs });
    const eviction = new EvictionCheck(connection.logger);
    this.#connection.onReady((client) => void eviction.look(client));
  }

  async load(space: Space, keys: readonly string[]): Promise<Loaded> {
    const { hash } = spaceKeys(this.#prefix, space);
    const fields = [POSITION_FIELD, ...keys.map(valueField)];
    const [position, ...values] = await this.#connection.repeat((client) => client.hmget(hash, ...fields));
    return { position: position == null ? null : Number(position), values };
  }

  async commit(space: Space, commit: Commit): Promise<"committed" | "conflict"> {
    const rest = commitArguments(spaceKeys(this.#prefix, space), commit);
    const applied = await this.#connection.once((client) => runCommit(client, rest));
    return applied === 1 ? "committed" : "conflict";
  }

  async scan(space: Space, index: string, range: Range): Promise<readonly string[]> {
    if (range.limit < 1) return [];
    const { lists } = spaceKeys(this.#prefix, space);
    const { low, high } = bounds(index, range);
    const members = await this.#connection.repeat((client) =>
      range.reverse
        ? client.zrange(lists, high, low, "BYLEX", "REV", "LIMIT", 0, range.limit)
        : client.zrange(lists, low, high, "BYLEX", "LIMIT", 0, range.limit),
    );
    const prefixLength = listPrefix(index).length;
    return members.map((member) => member.slice(prefixLength));
  }

  async wipe(space: Space): Promise<void> {
    const { hash, lists } = spaceKeys(this.#prefix, space);
    await this.#connection.repeat((client) => client.unlink(hash, lists));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }
}

async function runCommit(client: Redis, rest: readonly string[]): Promise<unknown> {
  try {
    return await client.call("EVALSHA", [COMMIT_SHA, ...rest]);
  } catch (error) {
    if (!isScriptUnknown(error)) throw error;
    return client.call("EVAL", [COMMIT_SCRIPT, ...rest]);
  }
}
