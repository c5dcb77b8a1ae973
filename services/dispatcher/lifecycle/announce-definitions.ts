import { lifecycleDestination, propertyOf } from "@antiphon/definition";
import type { Running } from "@antiphon/host";
import type { Definitions, Deployment } from "@antiphon/host/definitions";
import type { Fact, Log, Membership, Message, Owned } from "@antiphon/log";
import { type Clock, LazyCommit, type Logger } from "@antiphon/processor";
import { topics } from "@antiphon/protocol";
import { definitionEvent } from "./definition-event.ts";
import { messageFor } from "./lifecycle.ts";
import { publish } from "./publish.ts";

/** What definitions are announced with. */
export interface AnnouncePorts {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Pick<Definitions, "all" | "get" | "onChange">;
}

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

/** Follows the deployed definitions and tells of each one that asks for it, to its topic: at least once. */
async function announceDefinitions(ports: AnnouncePorts, owned: Owned): Promise<void> {
  const { log, logger } = ports;
  const { topic, partition, committed, signal } = owned;
  await using position = new LazyCommit(owned, ports);
  for await (const batch of log.tail(topic, partition, committed?.offset ?? 0, { signal })) {
    const deployments = await Promise.all(batch.records.map((record) => deploymentIn(ports, record)));
    const messages = deployments.flatMap((deployment) =>
      deployment === undefined ? [] : messagesOf(deployment, logger),
    );
    if (!(await publish(ports, messages, signal))) return;
    position.set({ offset: batch.next, note: "" });
  }
}

/** The deployment that a record tells of; undefined: it tells of none, or of one that cannot be used. */
async function deploymentIn({ definitions }: AnnouncePorts, { value }: Fact): Promise<Deployment | undefined> {
  const hash = /"hash":"([0-9a-f]{64})"/.exec(value ?? "")?.[1];
  return hash === undefined ? undefined : await definitions.get(hash).catch(() => undefined);
}

function messagesOf(deployment: Deployment, logger: Logger): readonly Message[] {
  const { definition } = deployment;
  const destination = lifecycleDestination(definition, "processdefinitions");
  if (destination === undefined) return [];
  if (destination.sink !== undefined) {
    logger.warn({ workflow: definition.id }, "definitions are announced on a topic only: their channel has a URL");
  }
  const event = definitionEvent(deployment, propertyOf(definition.properties, "kogito.service.url") ?? "");
  return [messageFor(destination, definition.id, event)];
}
