import type { WorkflowError } from "./command.ts";
import type { Disposition } from "./decision.ts";
import type { Json } from "./json.ts";

/** An answer to a request of a gateway, the value of a record on `antiphon.replies`; the record's key is the gateway. */
export type Reply = { readonly request: string } & (
  | {
      readonly type: "InstanceAnswer";
      readonly instance: string;
      readonly status: string;
      readonly data: Json;
      readonly error?: WorkflowError;
      /** The state in which it failed. */
      readonly failedState?: string;
      /** The states that it has still to undo, the next first; absent: it is not undoing anything. */
      readonly leftToUndo?: readonly string[];
    }
  | { readonly type: "InstanceMissing"; readonly instance: string; readonly reason: string }
  /** It was to be started, and somebody else has done so; `workflow` is what that one started. */
  | { readonly type: "InstanceExists"; readonly instance: string; readonly workflow: string; readonly status: string }
  | {
      readonly type: "EventAnswer";
      readonly source: string;
      readonly id: string;
      readonly disposition: Disposition;
      readonly instance?: string;
      readonly reason?: string;
      /** For a callback: why its wait does not take it. */
      readonly refused?: "used" | "closed" | "unknown";
    }
  | { readonly type: "RequestRejected"; readonly reason: string }
);
