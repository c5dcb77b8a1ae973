import { z } from "zod";
import type { Command } from "./command.ts";
import type { Json } from "./json.ts";

/** The most characters of an instance id: it is a key of records, stores and URLs. */
export const INSTANCE_ID_LENGTH_MAX = 200;

const text = z.string();
const id = text.min(1).max(INSTANCE_ID_LENGTH_MAX);
const json = z.unknown().refine((value) => value !== undefined, "expected a value");
const texts = z.record(text, text);
const event = z.looseObject({ specversion: z.literal("1.0"), id: text.min(1), source: text, type: text.min(1) });
const stamp = z.object({ topic: text, partition: z.int(), offset: z.int(), index: z.int() });
const envelope = {
  instance: id,
  from: stamp.optional(),
  reply: z.object({ gateway: text, request: text }).optional(),
};
const child = z.object({ instance: id, workflow: text, where: text.optional(), aborted: z.literal(true).optional() });
const error = z.object({
  code: text,
  message: text,
  classes: z.array(text),
  where: text.optional(),
  child: child.optional(),
});
const parent = z.object({
  instance: id,
  action: text,
  attempt: z.int().optional(),
  root: z.object({ instance: id, workflow: text }),
  tellsRest: z.literal(true).optional(),
  detached: z.literal(true).optional(),
});
const http = z.object({ status: z.int(), headers: texts });

const command = z.discriminatedUnion("type", [
  z.object({
    ...envelope,
    type: z.literal("StartInstance"),
    workflow: text,
    definition: text.optional(),
    version: text.optional(),
    data: json,
    businessKey: text.optional(),
    headers: texts,
    headersPassedOn: z.literal(true).optional(),
    event: z.object({ name: text, event }).optional(),
    variables: z.looseObject({}).optional(),
    referenceId: text.optional(),
    hops: z.int().optional(),
    family: text.optional(),
    startFrom: text.optional(),
    once: z.object({ key: text, request: text }).optional(),
    parent: parent.optional(),
    timeout: z.object({ dueMs: z.number(), interrupt: z.boolean(), runBefore: text.optional() }).optional(),
  }),
  z.object({
    ...envelope,
    type: z.literal("DeliverEvent"),
    event,
    found: z.discriminatedUnion("by", [
      z.object({ by: z.literal("instance") }),
      z.object({ by: z.literal("token"), wait: text }),
      z.object({ by: z.literal("key"), wait: text, key: text }),
    ]),
  }),
  z.object({
    ...envelope,
    type: z.literal("CompleteAction"),
    action: text,
    attempt: z.int().optional(),
    outcome: z.discriminatedUnion("status", [
      z.object({ status: z.literal("completed"), output: z.unknown().optional(), http: http.optional() }),
      z.object({ status: z.literal("failed"), error }),
    ]),
  }),
  z.object({ ...envelope, type: z.literal("RefuseWait"), wait: text, reason: text }),
  z.object({ ...envelope, type: z.literal("AbortInstance"), compensate: z.literal(false).optional() }),
  z.object({ ...envelope, type: z.literal("ReplaceData"), data: z.looseObject({}) }),
  z.object({ ...envelope, type: z.literal("MergeData"), data: z.looseObject({}) }),
  z.object({
    ...envelope,
    type: z.literal("RetriggerInstance"),
    skip: z.literal(true).optional(),
    parent: parent.optional(),
  }),
  z.object({ ...envelope, type: z.literal("MoveToken"), to: text }),
  z.object({ ...envelope, type: z.literal("FireTimer"), timer: text }),
  z.object({ ...envelope, type: z.literal("ReportRest"), action: text, attempt: z.int().optional() }),
  z.object({ ...envelope, type: z.literal("ScheduleWorkflow"), workflow: text, definition: text.optional() }),
]);

/** Checks the shape of a command; throws an Error that names each place, what was expected there and what was found. */
export function readCommand(document: Json): Command {
  const { success, error } = command.safeParse(document, { jitless: true });
  if (success) return document as unknown as Command;
  const problems = error.issues.map(({ path, message }) => `/${path.join("/")}: ${message}`);
  throw new Error(`no command: ${problems.join("; ")}`);
}
