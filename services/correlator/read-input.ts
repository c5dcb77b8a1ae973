import { type CorrelationInput, isEventShaped, type Json } from "@antiphon/protocol";
import { z } from "zod";

const text = z.string();
const flag = z.literal(true).optional();
const wait = z.object({ instance: text.min(1), wait: text.min(1) });
const ref = z.object({ source: text, id: text.min(1), type: text.min(1) });
const cardinality = z.enum(["one", "all", "reject"]);
const event = z.custom<Json>((document) => isEventShaped(document as Json), "expected a CloudEvent 1.0");
const envelope = {
  key: text.min(1),
  from: z.object({ topic: text, partition: z.int(), offset: z.int(), index: z.int() }).optional(),
  reply: z.object({ gateway: text, request: text }).optional(),
};

const input = z.discriminatedUnion("type", [
  z.object({ ...envelope, type: z.literal("OpenWait"), wait, cardinality }),
  z.object({ ...envelope, ...wait.shape, type: z.literal("CloseWait") }),
  z.object({ ...envelope, type: z.literal("OfferEvent"), event, cardinality, bufferMs: z.number().min(0) }),
  z.object({ ...envelope, ...wait.shape, type: z.literal("ReturnWait"), event: ref }),
  z.object({ ...envelope, ...wait.shape, type: z.literal("RefuseEvent"), event, isOpen: flag, isCut: flag }),
]);

/** Checks the shape of an input of the correlator; throws an Error that names each place, what was expected and found. */
export function readInput(document: Json): CorrelationInput {
  const { success, error } = input.safeParse(document);
  if (success) return document as unknown as CorrelationInput;
  const problems = error.issues.map(({ path, message }) => `/${path.join("/")}: ${message}`);
  throw new Error(`no input of the correlator: ${problems.join("; ")}`);
}
