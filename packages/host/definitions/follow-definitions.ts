import { setImmediate } from "node:timers/promises";
import { formatProblems, putTogether, readDefinition, takeApart } from "@antiphon/definition";
import { type Fact, type Log, LogUnavailableError, PlaceLostError } from "@antiphon/log";
import type { Clock, Logger } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import type { Health } from "../health.ts";
import { RETRY_MS_MAX } from "../keep-trying.ts";
import type { Environment } from "../read-config.ts";
import { SecretMask } from "../secret-mask.ts";
import { parseRecord } from "./definition-record.ts";
import type { Definitions } from "./definitions.ts";
import { hideSecretsOf } from "./hide-secrets-of.ts";
import { KnownDefinitions } from "./known-definitions.ts";
import { readableEnvironment } from "./readable-environment.ts";

/**
 * How long deployed definitions are read before the rest of the process goes on, in milliseconds. One that takes longer is
 * read as a whole.
 */
export const READING_MS_MAX = 20;

/** What following needs. */
export interface FollowPorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is told, as `definitions`, when they cannot be followed, and when they are again. */
  readonly health?: Pick<Health, "set">;
  /** Is given the secrets of the definitions; absent: one of its own. */
  readonly secrets?: SecretMask;
}

/**
 * Follows `antiphon.definitions` from its start until disposal, whatever happens: what cannot be followed is tried again. A
 * record that cannot be read is logged and passed over.
 * `env` fills and overrides the properties of the definitions.
 */
export function followDefinitions(ports: FollowPorts, env: Environment = process.env): Definitions {
  const present = readableEnvironment(env);
  const known = new KnownDefinitions(ports.clock, present);
  const secrets = ports.secrets ?? new SecretMask();
  // What is read on the way to the end may have been mended since.
  const tellOfShort = hideSecretsOf(known, secrets, ports.logger);
  const stop = new AbortController();
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.then(tellOfShort, () => {});
  const following = follow(ports, known, present, caughtUp.resolve, stop.signal);
  return {
    ready: caughtUp.promise,
    secrets,
    find: (hash) => known.find(hash),
    get: (hash) => known.until(() => known.find(hash), `definition ${hash}`),
    current: (workflow) => known.current(workflow),
    named: (workflow, version) => known.named(workflow, version),
    all: () => known.all(),
    until: (look, what) => known.until(look, what),
    newest: readToTheEnd(ports.log, known),
    refusals: () => known.refusals(),
    refuse: (refusal) => known.refuse(refusal),
    onChange: (listener) => known.onChange(listener),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
      caughtUp.reject(new Error("definitions: expected to be read before they were disposed of"));
    },
  };
}

/** Who asks in one turn asks together: the end is looked for once, after the last of them. */
function readToTheEnd(log: Log, known: KnownDefinitions): () => Promise<void> {
  let next: Promise<void> | undefined;
  async function read(): Promise<void> {
    await Promise.resolve();
    next = undefined;
    const { end } = await log.bounds(topics.definitions, 0);
    const what = `the log of definitions up to offset ${end}`;
    await known
      .until(() => known.hasRead(end) || undefined, what)
      .catch((error: unknown) => {
        throw new LogUnavailableError(`${what} could not be read`, { cause: error });
      });
  }
  return () => (next ??= read());
}

async function follow(
  { log, clock, logger, health }: FollowPorts,
  known: KnownDefinitions,
  env: Readonly<Record<string, string>>,
  caughtUp: () => void,
  signal: AbortSignal,
): Promise<void> {
  let position = 0;
  let isDown = false;
  while (!signal.aborted) {
    try {
      for await (const batch of log.tail(topics.definitions, 0, position, { signal })) {
        await takeAll(batch.records, { clock, logger }, known, env);
        position = batch.next;
        known.moveTo(position);
        if (isDown) health?.set("definitions", true);
        isDown = false;
        if (position >= batch.end) caughtUp();
      }
    } catch (error) {
      // What is read again is what it was: every record says all of its definition.
      if (error instanceof PlaceLostError) position = 0;
      isDown = true;
      health?.set("definitions", false, (error as Error).message);
      logger.warn({ err: error, retryMs: RETRY_MS_MAX }, "deployed definitions cannot be followed at present");
      await clock.sleep(RETRY_MS_MAX, signal);
    }
  }
}

async function takeAll(
  records: readonly Fact[],
  { clock, logger }: Pick<FollowPorts, "clock" | "logger">,
  known: KnownDefinitions,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  let sinceMs = clock.steady();
  for (const record of records) {
    if (clock.steady() - sinceMs >= READING_MS_MAX) {
      // What is found in between has its configuration, and its secrets are hidden.
      known.tellChange();
      await setImmediate();
      sinceMs = clock.steady();
    }
    take(record, known, env, logger);
  }
  if (records.length > 0) known.tellChange();
}

function take(
  { value, offset, timestampMs }: Fact,
  known: KnownDefinitions,
  env: Readonly<Record<string, string>>,
  logger: FollowPorts["logger"],
): void {
  if (value === null) return;
  try {
    const record = parseRecord(value);
    if (record.type === "retired") {
      known.retire(record.id);
      return;
    }
    const { hash } = record;
    const { content, ...apart } = takeApart(record.bundle);
    const configuration = record.configuration ?? apart.configuration;
    const { definition, problems } = readDefinition(putTogether({ content, configuration }), env, { isDeployed: true });
    if (definition === undefined) throw new Error(formatProblems(problems));
    known.deploy({ hash, definition, bundle: content, configuration, deployedMs: timestampMs, sequence: offset });
  } catch (error) {
    logger.error(
      { err: error, topic: topics.definitions, offset },
      "a deployed definition cannot be used: passed over",
    );
  }
}
