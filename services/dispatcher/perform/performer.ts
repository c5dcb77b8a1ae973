import type { Definitions } from "@antiphon/host/definitions";
import { type Log, type Message, recordBytes, BATCH_BYTES_MAX, type Batch } from "@antiphon/log";
import type { Clock, Logger, RelayedFact } from "@antiphon/processor";
import {
  type ActionOutcome,
  type Command,
  formatJson,
  type InstanceEvent,
  type Json,
  topics,
} from "@antiphon/protocol";
import type { Agent } from "undici";
import type { RequestMetrics } from "../metrics.ts";
import { buildRequest } from "../request/build-request.ts";
import { ActionError } from "./action-error.ts";
import { attempt } from "./attempt.ts";
import { type OpenRequest, OpenRequests } from "./open-requests.ts";
import { Outbox } from "./outbox.ts";
import type { Turns } from "./turns.ts";

/** How many requests of a partition may be open, and how long their arguments together, before it reads no further. */
export const OPEN_REQUESTS_MAX = 2_000;
export const OPEN_LENGTH_MAX = 64_000_000;
/**
 * The same, while results are still to be read that a former owner may have left. What is over that is performed although
 * it may have been performed before: again, with the same idempotency key.
 */
export const COLLECTED_REQUESTS_MAX = 50_000;
/** How long requests under way are waited for when the partition is given up, in milliseconds. */
export const DRAIN_MS = 5_000;
