import { type Fact, type Message, partitionOf } from "@antiphon/log";
import { type Decision, parseJson, type ReplyTo, type Stamp } from "@antiphon/protocol";
import type { Domain } from "../domain.ts";

/** The smallest domain that can go wrong: it writes down what it was told, in order, and closes a tally when time has come. */
export type Tally = { readonly entries: readonly string[]; readonly dueMs?: number; readonly closed: number };
export type TallyInput = { readonly entry: string; readonly dueMs?: number };
export type TallyEvent =
  | { readonly entry: string; readonly nth: number; readonly dueMs?: number }
  | { readonly closed: true; readonly nth: number };

export const tally: Domain<Tally, TallyInput, TallyEvent> = {
  inputTopic: "tally.inputs",
  factTopic: "tally.facts",
  absent: { entries: [], closed: 0 },
  read(record: Fact) {
    const { key, from, reply, ...input } = parseJson(record.value ?? "") as unknown as TallyInput & {
      key: string;
      from?: Stamp;
      reply?: ReplyTo;
    };
    if (typeof input.entry !== "string") throw new Error(`expected an entry, found ${record.value}`);
    return { key, input, ...(from && { from }), ...(reply && { reply }) };
  },
  decide(state, input, nowMs) {
    if ("type" in input)
      return state.dueMs !== undefined && state.dueMs <= nowMs ? [{ closed: true, nth: state.entries.length }] : [];
    if (input.entry === "poison") throw new Error("poison");
    if (input.entry === "nothing") return [];
    return [{ ...input, nth: state.entries.length }];
  },
  evolve(state, event) {
    if ("entry" in event && event.entry === "unfoldable") throw new Error("unfoldable");
    if (event.nth !== state.entries.length) {
      throw new Error(
        `expected entry ${state.entries.length}, found ${event.nth}: it was decided against another state`,
      );
    }
    if ("closed" in event) return { entries: state.entries, closed: state.closed + 1 };
    const dueMs = event.dueMs ?? state.dueMs;
    return { ...state, entries: [...state.entries, event.entry], ...(dueMs !== undefined && { dueMs }) };
  },
  dueMs: (state) => state.dueMs,
  fail: (state, { code, message }, _nowMs, input) =>
    code === "undecidable" && input !== undefined
      ? []
      : [{ entry: `failed: ${message.slice(0, 17)}`, nth: state.entries.length }],
  answers: (key, { reply }: Decision<TallyEvent>, _before, after) =>
    reply === undefined
      ? []
      : [
          {
            gateway: reply.gateway,
            reply: { type: "InstanceMissing", request: reply.request, instance: key, reason: after.entries.join() },
          },
        ],
};

export function tallyMessage(
  key: string,
  input: TallyInput & { readonly from?: Stamp; readonly reply?: ReplyTo },
): Message {
  return { topic: tally.inputTopic, partition: partitionOf(key, 1), key, value: JSON.stringify({ key, ...input }) };
}
