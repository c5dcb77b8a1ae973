import { createHash } from "node:crypto";
import type { Commit } from "@antiphon/store";
import { listPrefix, POSITION_FIELD, type SpaceKeys, valueField } from "./keys.ts";

/** Lua's `unpack` gives some 8,000 values at most. Even, because fields come with their values. */
const UNPACK_MAX = 4_000;

/**
 * Answers 1 when the space was where the commit expected it ('' for nothing) and everything was applied, else 0.
 * ARGV: expected, position, then four counted runs: fields with values, fields to delete, members to remove, scores
 * with members to add.
 *
 * The empty member marks a list that belongs to its hash. A Redis that evicts may take one of the two keys alone; what
 * is left would be half a fold, so it is dropped.
 */
export const COMMIT_SCRIPT = `
local hash, lists = KEYS[1], KEYS[2]
local current = redis.call('HGET', hash, '${POSITION_FIELD}')
if current and not redis.call('ZSCORE', lists, '') then
  redis.call('DEL', hash)
  return 0
end
if (current or '') ~= ARGV[1] then return 0 end
if not current then
  redis.call('DEL', lists)
  redis.call('ZADD', lists, 0, '')
end
redis.call('HSET', hash, '${POSITION_FIELD}', ARGV[2])
local at = 3
local function apply(command, key)
  local first, last = at + 1, at + tonumber(ARGV[at])
  for from = first, last, ${UNPACK_MAX} do
    redis.call(command, key, unpack(ARGV, from, math.min(from + ${UNPACK_MAX - 1}, last)))
  end
  at = last + 1
end
apply('HSET', hash)
apply('HDEL', hash)
apply('ZREM', lists)
apply('ZADD', lists)
return 1
`;

export const COMMIT_SHA = createHash("sha1").update(COMMIT_SCRIPT).digest("hex");

/** What follows the script, or its SHA, in EVAL and EVALSHA. */
export function commitArguments(keys: SpaceKeys, commit: Commit): string[] {
  const put: string[] = [];
  const dropped: string[] = [];
  for (const [key, value] of commit.values) {
    if (value === null) dropped.push(valueField(key));
    else put.push(valueField(key), value);
  }
  const removed = commit.removed.map(({ index, entry }) => listPrefix(index) + entry);
  const added = commit.added.flatMap(({ index, entry }) => ["0", listPrefix(index) + entry]);
  const runs = [put, dropped, removed, added].flatMap((run) => [`${run.length}`, ...run]);
  return ["2", keys.hash, keys.lists, `${commit.expected ?? ""}`, `${commit.position}`, ...runs];
}
