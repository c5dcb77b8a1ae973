import assert from "node:assert/strict";
import { test } from "node:test";
import type { TopicSpec } from "@antiphon/log";
import { settingProblems, settingsOf } from "./topic-settings.ts";

const DURABILITY = { replication: 3, minInSyncReplicas: 2 };
const HOUR_MS = 3_600_000;

function spec(retention: TopicSpec["retention"]): TopicSpec {
  return { name: "t", partitions: 1, retention };
}

test("what a topic is made with is safe", () => {
  for (const retention of ["forever", "compact", HOUR_MS] as const) {
    assert.deepEqual(settingProblems(spec(retention), DURABILITY, settingsOf(spec(retention), DURABILITY)), []);
  }
});

for (const [retention, setting, value, problem] of [
  ["forever", "retention.ms", "604800000", "retention.ms: expected -1, which is without a limit, found 604800000"],
  ["forever", "retention.bytes", "1000", "retention.bytes: expected -1, which is without a limit, found 1000"],
  ["forever", "cleanup.policy", "compact,delete", "cleanup.policy: expected delete, found compact,delete"],
  ["compact", "cleanup.policy", "delete", "cleanup.policy: expected compact, found delete"],
  [HOUR_MS, "retention.ms", "3599999", "retention.ms: expected at least 3600000, found 3599999"],
  ["forever", "unclean.leader.election.enable", "true", "unclean.leader.election.enable: expected false, found true"],
  ["forever", "min.insync.replicas", "1", "min.insync.replicas: expected at least 2, found 1"],
  ["forever", "max.message.bytes", "4999999", "max.message.bytes: expected at least 5000000, found 4999999"],
] as const) {
  test(`a topic that keeps its records ${retention} with ${setting}=${value} is refused`, () => {
    const found = { ...settingsOf(spec(retention), DURABILITY), [setting]: value };
    assert.deepEqual(settingProblems(spec(retention), DURABILITY, found), [problem]);
  });
}

for (const [setting, value] of [
  ["retention.ms", "3600000"],
  ["retention.ms", "3600001"],
  ["retention.ms", "-1"],
  ["min.insync.replicas", "3"],
  ["max.message.bytes", "5000001"],
] as const) {
  test(`a topic that keeps its records for an hour may have ${setting}=${value}`, () => {
    const found = { ...settingsOf(spec(HOUR_MS), DURABILITY), [setting]: value };
    assert.deepEqual(settingProblems(spec(HOUR_MS), DURABILITY, found), []);
  });
}

test("a setting that the broker does not tell of is none", () => {
  const { "retention.bytes": _, ...found } = settingsOf(spec("forever"), DURABILITY);
  assert.match(`${settingProblems(spec("forever"), DURABILITY, found)}`, /found none$/);
});
