import type { Json, JsonObject } from "./json.ts";

/** A request to perform an action outside. Whoever performs it sends its id along, the same at every attempt. */
export interface ActionRequested {
  readonly type: "ActionRequested";
  /** Unique within the instance: `{visit}.{action name}`, in a branch `{branch}.{action name}`. */
  readonly action: string;
  /** Its result is asked for as the answer to this attempt; absent: the first. All attempts are one to whom it asks. */
  readonly attempt?: number;
  /** Nobody waits for its result. */
  readonly detached?: true;
  /** What a GraphQL function is to give back. */
  readonly selectionSet?: string;
  /** Name of the function in the definition. */
  readonly function: string;
  /** Content hash of that definition. */
  readonly definition: string;
  readonly arguments: Json;
  /** Nobody gave arguments: they are the data, and all of it is the body of the request. */
  readonly asBody?: true;
  /** Who asks, for the service to know: its business key and the like, by the names of extension attributes; absent: none. */
  readonly context?: Readonly<Record<string, string>>;
  /** Which one of several services performs it, `metadata.configKey` of the function; absent: there is one. */
  readonly service?: string;
  /**
   * Tokens that it passes on, by the headers which brought them when the instance was started; absent: none. Only what
   * the configuration of the function's security names is here.
   */
  readonly tokens?: Readonly<Record<string, string>>;
}

/** Another instance is asked to perform an action. */
export interface ChildRequested {
  readonly type: "ChildRequested";
  readonly action: string;
  /** Absent: the first. */
  readonly attempt?: number;
  /** The id that it will have. */
  readonly child: string;
  readonly workflow: string;
  /** Absent: the newest. */
  readonly version?: string;
  readonly data: Json;
  readonly variables?: JsonObject;
  readonly businessKey?: string;
  /** Those of the instance that asks; absent: none. */
  readonly hops?: number;
  /** The first of all that led to it, if that is not the root of the family; absent: it is. */
  readonly family?: string;
  /**
   * The headers that came to the root of the family. All that one decision asks for get the same: they stand with the
   * first that does. Absent there: none.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** The instance at the root of the family, and its workflow. */
  readonly root: { readonly instance: string; readonly workflow: string };
  /** Who has asked for this instance waits for it to rest: it wants to know when the other one does. */
  readonly tellsRest?: true;
  /** Nobody waits for it: what becomes of it when its parent ends. Absent: its parent waits. */
  readonly detached?: "continue" | "terminate";
}

/** The instance that failed to perform an action is asked to go on where it failed. */
export interface ChildRetriggered {
  readonly type: "ChildRetriggered";
  readonly action: string;
  /** The attempt that it answers, the same as before; absent: the first. */
  readonly attempt?: number;
  readonly child: string;
  readonly root: ChildRequested["root"];
  /** As with `ChildRequested`. */
  readonly tellsRest?: true;
}
