import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CALLBACK_SECRET } from "../support/deployment-process.ts";
import { startBroker } from "../support/kafka-broker.ts";
import { startRedis } from "../support/redis-server.ts";
import type { Disturbance, Machine } from "./disturbance.ts";
import { Member } from "./member.ts";
import type { Random } from "./random.ts";

/** How many processes each service has. */
const MEMBERS = { gateway: 2, orchestrator: 2, dispatcher: 2, correlator: 2, projector: 1 } as const;
/** A process that was killed begins again after so long at most. */
const AWAY_MS_MAX = 2_500;
/** The group takes a member for dead after 10 s. */
const PAUSE_MS_LEAST = 11_000;
const PAUSE_MS_MAX = 14_000;
/** Each process of a test adds a listener to its end. */
const LISTENERS_MAX = 50;

/** Each service in processes of its own, on a Kafka and a Redis for this machine alone. */
export async function startKafkaMachine(workflows: string, env: Readonly<Record<string, string>>): Promise<Machine> {
  process.setMaxListeners(LISTENERS_MAX);
  await using stack = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), "antiphon-chaos-"));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  const [broker, redis] = await Promise.all([startBroker(), startRedis()]);
  stack.use(broker);
  stack.use(redis);
  const prefix = `t${randomUUID()}.`;
  const common = {
    ANTIPHON_DATA: data,
    ANTIPHON_WORKFLOWS: workflows,
    ANTIPHON_KAFKA_BROKERS: broker.brokers.join(","),
    ANTIPHON_KAFKA_PARTITIONS: "4",
    ANTIPHON_KAFKA_PREFIX: prefix,
    ANTIPHON_REDIS_URL: redis.url,
    ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET,
    ...env,
  };
  const members: Member[] = [];
  for (const [service, count] of Object.entries(MEMBERS)) {
    for (let number = 1; number <= count; number += 1) members.push(await Member.of(service, number, common));
  }
  const of = (service: string): readonly Member[] => members.filter(({ name }) => name.startsWith(service));
  const urls = of("gateway").map(({ url }) => url);
  const begin = (member: Member): void => member.begin({ ANTIPHON_PUBLIC_URL: `${urls[0]}` });

  stack.defer(async () => void (await Promise.all(members.map((member) => member.end("SIGTERM")))));
  for (const member of members) begin(member);
  await Promise.all(members.map((member) => member.ready()));

  /** What comes back by itself. */
  const returning = new Set<Promise<void>>();
  const isAway = new Set<"Redis" | "broker">();
  const later = (afterMs: number, act: () => void | Promise<void>): void => {
    const promise = sleep(afterMs).then(act);
    returning.add(promise);
    void promise.finally(() => returning.delete(promise));
  };
  const all = stack.move();
  return {
    urls,
    kafkaBrokers: broker.brokers.join(","),
    prefix,
    disturbances: [
      ...Object.keys(MEMBERS).map((service) => kill(service, "SIGKILL")),
      kill("orchestrator", "SIGTERM"),
      kill("correlator", "SIGTERM"),
      ...Object.keys(MEMBERS).map(zombie),
      flush(),
      ...(redis.control === undefined ? [] : [redisRestart(redis.control)]),
      ...(broker.ours ? [brokerRestart()] : []),
    ],
    async settle() {
      while (returning.size > 0) await Promise.all(returning);
      await Promise.all(members.map((member) => member.ready()));
    },
    logs: () => members.map((member) => member.logs()).join("\n"),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };

  function kill(service: string, signal: "SIGKILL" | "SIGTERM"): Disturbance {
    return {
      name: `${service} ${signal === "SIGKILL" ? "killed" : "stopped"}`,
      async strike(random) {
        const member = oneOf(of(service), random);
        if (member === undefined) return undefined;
        await member.end(signal);
        const awayMs = random.between(0, AWAY_MS_MAX);
        later(awayMs, () => begin(member));
        return `${member.name} ended by ${signal}, away for ${awayMs} ms`;
      },
    };
  }

  function flush(): Disturbance {
    return {
      name: "Redis flushed",
      async strike() {
        if (isAway.has("Redis")) return undefined;
        await redis.flush();
        return "Redis flushed";
      },
    };
  }

  /** Its group gives its partitions to others, and when it goes on it believes that they are its own. */
  function zombie(service: string): Disturbance {
    return {
      name: `${service} held still`,
      async strike(random) {
        const member = oneOf(of(service), random);
        if (member === undefined) return undefined;
        const pauseMs = random.between(PAUSE_MS_LEAST, PAUSE_MS_MAX);
        member.pause();
        later(pauseMs, () => member.resume());
        return `${member.name} held still for ${pauseMs} ms`;
      },
    };
  }

  /** Others may be struck while it is away. */
  function redisRestart(control: NonNullable<typeof redis.control>): Disturbance {
    return {
      name: "Redis restarted",
      async strike(random) {
        if (isAway.has("Redis")) return undefined;
        const awayMs = random.between(0, AWAY_MS_MAX);
        await control.stop();
        isAway.add("Redis");
        later(awayMs, async () => {
          await control.start();
          isAway.delete("Redis");
        });
        return `Redis away for ${awayMs} ms, to come back empty`;
      },
    };
  }

  function brokerRestart(): Disturbance {
    return {
      name: "broker restarted",
      async strike(random) {
        if (isAway.has("broker")) return undefined;
        const isSudden = random.chance(0.5);
        const awayMs = random.between(0, AWAY_MS_MAX);
        isAway.add("broker");
        await (isSudden ? broker.kill() : broker.stop());
        later(awayMs, async () => {
          await broker.restart();
          isAway.delete("broker");
        });
        return `the broker ${isSudden ? "killed" : "stopped"}, away for ${awayMs} ms`;
      },
    };
  }
}

function oneOf(members: readonly Member[], random: Random): Member | undefined {
  return random.shuffled(members).find(({ isUp }) => isUp);
}
