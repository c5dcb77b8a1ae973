import { lifecycleDestination, propertyOf } from "@antiphon/definition";
import type { Running } from "@antiphon/host";
import type { Definitions, Deployment } from "@antiphon/host/definitions";
import type { Fact, Log, Membership, Message, Owned } from "@antiphon/log";
import { LazyCommit } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { type SinkPorts, Sinks } from "../sink/sinks.ts";
import { definitionEvent } from "./definition-event.ts";
import { messageFor } from "./lifecycle.ts";
import { publish } from "./publish.ts";

/** How long it rests after a failure, in milliseconds. */
const RETRY_MS = 1_000;

/** What definitions are announced with. */
export type AnnouncePorts = SinkPorts & {
  readonly log: Log;
  readonly definitions: Pick<Definitions, "all" | "find" | "newest" | "onChange">;
};

/** Announces definitions from when the first one asks for it. One dispatcher at a time does. */
export function startAnnouncing(ports: AnnouncePorts): Running {
  const { log, definitions } = ports;
  const stopped = Promise.withResolvers<never>();
  stopped.promise.catch(() => {});
  let joined: Promise<Membership> | undefined;
  const look = (): void => {
    const asks = ({ definition }: Deployment) => lifecycleDestination(definition, "processdefinitions") !== undefined;
    if (joined !== undefined || !definitions.all().some(asks)) return;
    joined = log.join("antiphon.dispatcher.definitions", [topics.definitions], (owned) =>
      announceDefinitions(ports, owned),
    );
    joined.then((membership) => membership.stopped).catch(stopped.reject);
  };
  const unfollow = definitions.onChange(look);
  look();
  return {
    stopped: stopped.promise,
    async [Symbol.asyncDispose]() {
      unfollow();
      const membership = await joined?.catch(() => undefined);
      await membership?.[Symbol.asyncDispose]();
    },
  };
}

/** Follows the deployed definitions and tells of each one that asks for it, to its topic or its URL: at least once. */
async function announceDefinitions(ports: AnnouncePorts, owned: Owned): Promise<void> {
  const { clock, logger } = ports;
  const { topic, partition, committed, signal } = owned;
  await using position = new LazyCommit(owned, ports);
  let next = committed?.offset ?? 0;
  const sinks = new Sinks(ports, owned, changed);
  signal.addEventListener("abort", () => void sinks.stop(), { once: true });
  while (!signal.aborted) {
    try {
      for await (const batch of ports.log.tail(topic, partition, next, { signal })) {
        if (!(await announce(ports, sinks, batch.records, signal))) break;
        next = batch.next;
        changed();
        await sinks.room();
      }
    } catch (error) {
      logger.warn(
        { err: error, topic, retryMs: RETRY_MS },
        "definitions could not be announced; going on where it was",
      );
      await clock.sleep(RETRY_MS, signal);
    }
  }
  await sinks.stop();

  /** The next owner goes on with what no sink has taken yet. */
  function changed(): void {
    position.set({ offset: Math.min(next, sinks.oldest ?? next), note: "" });
  }
}

/** Tells of what some records deployed. False: the signal aborted before their topics had it all. */
async function announce(
  ports: AnnouncePorts,
  sinks: Sinks,
  records: readonly Fact[],
  signal: AbortSignal,
): Promise<boolean> {
  // Else a definition may be known with an earlier configuration than that of the record.
  await ports.definitions.newest();
  const messages: Message[] = [];
  const posts: Parameters<Sinks["send"]>[0][] = [];
  for (const record of records) {
    const deployment = deploymentIn(ports, record);
    if (deployment === undefined) continue;
    const destination = lifecycleDestination(deployment.definition, "processdefinitions");
    if (destination === undefined) continue;
    const { definition, deployedMs: atMs } = deployment;
    const event = definitionEvent(deployment, propertyOf(definition.properties, "kogito.service.url") ?? "");
    const { sink: url } = destination;
    if (url === undefined) messages.push(messageFor(destination, definition.id, event));
    else
      posts.push({
        produced: { type: "EventProduced", ...destination, event },
        url,
        offset: record.offset,
        index: 0,
        atMs,
      });
  }
  if (!(await publish(ports, messages, signal))) return false;
  for (const post of posts) sinks.send(post);
  return true;
}

/** The deployment that a record made; undefined: it made none, or one that cannot be used, or a later one has its place. */
function deploymentIn({ definitions }: AnnouncePorts, { value, offset }: Fact): Deployment | undefined {
  const hash = /"hash":"([0-9a-f]{64})"/.exec(value ?? "")?.[1];
  const found = hash === undefined ? undefined : definitions.find(hash);
  return found?.sequence === offset ? found : undefined;
}
