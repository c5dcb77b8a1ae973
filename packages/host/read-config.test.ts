import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { ConfigError, hostSettings, readConfig, setting, url } from "./index.ts";

function refusedFor(env: Record<string, string>) {
  try {
    readConfig(hostSettings, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.settings;
    throw error;
  }
  return assert.fail("expected the settings to be refused");
}

const DAY_MS = 86_400_000;

test("without any setting the log and the store are embedded", () => {
  assert.deepEqual(readConfig(hostSettings, {}), {
    kafka: { ssl: false, prefix: "", partitions: 4 },
    data: ".antiphon",
    logLevel: "info",
    logRetention: 7 * DAY_MS,
    retention: 30 * DAY_MS,
  });
});

test("every setting is read from its variable", () => {
  const secret = "0123456789abcdef0123456789abcdef";
  const config = readConfig(hostSettings, {
    ANTIPHON_KAFKA_BROKERS: "one:9092, [::1]:9093",
    ANTIPHON_KAFKA_SSL: "1",
    ANTIPHON_KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
    ANTIPHON_KAFKA_SASL_USERNAME: "antiphon",
    ANTIPHON_KAFKA_SASL_PASSWORD: "a,b",
    ANTIPHON_KAFKA_PREFIX: "prod.",
    ANTIPHON_KAFKA_PARTITIONS: "32",
    ANTIPHON_KAFKA_REPLICATION: "3",
    ANTIPHON_REDIS_URL: "rediss://cache:6380",
    ANTIPHON_DATA: "/var/lib/antiphon",
    ANTIPHON_LOG_LEVEL: "debug",
    ANTIPHON_LOG_RETENTION: "PT36H",
    ANTIPHON_RETENTION: "P90D",
    ANTIPHON_HEALTH_PORT: "9000",
    ANTIPHON_CALLBACK_SECRET: `${secret},old-${secret}`,
  });
  assert.deepEqual(config, {
    kafka: {
      brokers: ["one:9092", "[::1]:9093"],
      ssl: true,
      saslMechanism: "scram-sha-512",
      saslUsername: "antiphon",
      saslPassword: "a,b",
      prefix: "prod.",
      partitions: 32,
      replication: 3,
    },
    redisUrl: "rediss://cache:6380",
    data: "/var/lib/antiphon",
    logLevel: "debug",
    logRetention: 1.5 * DAY_MS,
    retention: 90 * DAY_MS,
    healthPort: 9000,
    callbackSecrets: [secret, `old-${secret}`],
  });
});

test("an empty variable counts as one that is not set", () => {
  assert.deepEqual(readConfig(hostSettings, { ANTIPHON_KAFKA_BROKERS: "" }), readConfig(hostSettings, {}));
});

test("all wrong values are named with what was expected, and each once", () => {
  assert.deepEqual(
    refusedFor({ ANTIPHON_KAFKA_BROKERS: "one,two", ANTIPHON_KAFKA_PARTITIONS: "0", ANTIPHON_HEALTH_PORT: "-1" }),
    [
      {
        variable: "ANTIPHON_KAFKA_BROKERS",
        expected: "host:port, several with commas between",
        found: '"one,two"',
      },
      { variable: "ANTIPHON_KAFKA_PARTITIONS", expected: "a whole number from 1 to 1024", found: '"0"' },
      { variable: "ANTIPHON_HEALTH_PORT", expected: "a port from 0 to 65535", found: '"-1"' },
    ],
  );
});

test("the value of a secret is never shown", () => {
  assert.deepEqual(refusedFor({ ANTIPHON_CALLBACK_SECRET: "too short" }), [
    {
      variable: "ANTIPHON_CALLBACK_SECRET",
      expected: "secrets of at least 32 characters, newest first, commas between",
      found: "a value that is not shown",
    },
  ]);
});

test("half of what SASL needs is refused", () => {
  assert.deepEqual(refusedFor({ ANTIPHON_KAFKA_SASL_USERNAME: "antiphon" }), [
    {
      variable: "ANTIPHON_KAFKA_SASL_MECHANISM",
      expected: "plain, scram-sha-256 or scram-sha-512 where a user is named",
      found: "nothing",
    },
    {
      variable: "ANTIPHON_KAFKA_SASL_PASSWORD",
      expected: "a password where SASL is used",
      found: "nothing",
    },
  ]);
});

test("of several variables for one setting the first that is set counts, and is the one that is named", () => {
  const schema = z.object({
    sink: setting("ANTIPHON_SINK", "an http:// URL", url("http").optional(), { also: ["K_SINK"] }),
  });
  assert.deepEqual(readConfig(schema, { K_SINK: "http://k" }), { sink: "http://k" });
  assert.deepEqual(readConfig(schema, { K_SINK: "http://k", ANTIPHON_SINK: "http://a" }), { sink: "http://a" });
  assert.throws(
    () => readConfig(schema, { K_SINK: "k" }),
    new ConfigError([{ variable: "K_SINK", expected: "an http:// URL", found: '"k"' }]),
  );
});
