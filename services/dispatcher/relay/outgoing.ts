import type { Message } from "@antiphon/log";
import type { CloudEvent, Stamp } from "@antiphon/protocol";

/** A message that a fact sends elsewhere, and what a dead letter needs to know of it if its topic does not take it. */
export interface Outgoing extends Message {
  readonly origin: Origin;
}

export interface Origin {
  readonly from: Stamp;
  readonly atMs: number;
  readonly instance: string | null;
  /** The event that the message carries out of the machine. */
  readonly event?: CloudEvent;
  /** How that event is written, if its channel says so. */
  readonly mode?: "binary" | "structured" | "data";
}
