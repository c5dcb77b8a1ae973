import type { Json, JsonObject } from "@antiphon/protocol";

export interface EventDefinition {
  readonly name: string;
  readonly type: string;
  readonly source?: string;
  readonly kind: "consumed" | "produced";
  readonly dataOnly: boolean;
  /** Attributes that tell which instance an event is for; none: only its instance id or token can. */
  readonly correlation: readonly CorrelationAttribute[];
  readonly metadata: JsonObject;
}

export interface CorrelationAttribute {
  readonly name: string;
  /** A literal or an expression over the instance's data. */
  readonly value?: string;
  /** An expression over the event that has its value there; absent: the extension attribute of its name has. */
  readonly from?: string;
}

export interface EventFilter {
  readonly useData: boolean;
  readonly data?: string;
  readonly toStateData?: string;
}

/** An event to publish. `data` is an expression, or an object whose leaves may be; without it the state's data goes out. */
export interface Produce {
  readonly event: EventDefinition;
  readonly data?: Json;
  readonly contextAttributes: Readonly<Record<string, string>>;
}
