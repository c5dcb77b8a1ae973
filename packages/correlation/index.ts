export { type Bucket, emptyBucket, type HeldEvent, heldIn, type KnownEvent } from "./bucket.ts";
export { decide, type ReachTime } from "./decide.ts";
export { evolve } from "./evolve.ts";
export { type KeyMismatch, keyMismatches } from "./key-mismatches.ts";
export { dueMs } from "./reach-time.ts";
export { type Destination, type Ids, route } from "./route.ts";
export {
  type Awaited,
  type Consumers,
  type Deployed,
  type Intake,
  type Starting,
  type Subscriptions,
  subscribe,
} from "./subscribe.ts";
