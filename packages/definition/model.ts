/**
 * A workflow document as the engine and the services use it: every reference resolved, every shorthand spelled out,
 * every default filled in. `readDefinition` makes it. Expressions and durations stay texts (a duration may be an
 * expression); they have been checked.
 */
import type { Json, JsonObject } from "@antiphon/protocol";

export interface Definition {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly description?: string;
  readonly start: string;
  readonly states: Readonly<Record<string, State>>;
  readonly events: Readonly<Record<string, EventDefinition>>;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  readonly errors: Readonly<Record<string, ErrorDefinition>>;
  readonly constants: JsonObject;
  readonly dataInputSchema?: { readonly schema: JsonObject; readonly failOnValidationErrors: boolean };
  readonly keepActive: boolean;
  readonly annotations: readonly string[];
  readonly metadata: JsonObject;
  /** `application.properties` of the folder it came from, profiles and `${…}` resolved. */
  readonly properties: Readonly<Record<string, string>>;
}

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
}

export type FunctionDefinition =
  | {
      readonly kind: "openapi";
      readonly name: string;
      readonly operation: OpenApiOperation;
      readonly metadata: JsonObject;
    }
  | {
      readonly kind: "http";
      readonly name: string;
      readonly method: string;
      readonly url: string;
      readonly metadata: JsonObject;
    }
  | { readonly kind: "sysout"; readonly name: string; readonly level: LogLevel; readonly metadata: JsonObject }
  | { readonly kind: "expression"; readonly name: string; readonly expression: string; readonly metadata: JsonObject };

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export interface OpenApiOperation {
  /** The document's path as the function names it, `specs/callback.yaml`. */
  readonly document: string;
  readonly operationId: string;
  readonly method: string;
  /** With its placeholders, `/orders/{id}`. */
  readonly path: string;
  /** `servers[0].url`, if there is one. */
  readonly server?: string;
  /** `info.title` of the document, which configuration may name it by. */
  readonly title?: string;
  readonly parameters: readonly OpenApiParameter[];
  readonly hasBody: boolean;
  readonly callbacks: readonly OpenApiCallback[];
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
}

export interface OpenApiCallback {
  readonly name: string;
  /** The runtime expression that says where the request carries the URL, without braces: `$request.body#/uri`. */
  readonly url: string;
  /** JSON schema of the body that the service will send, if the document has one. */
  readonly schema?: JsonObject;
}

export interface ErrorDefinition {
  readonly name: string;
  readonly code?: string;
}

interface StateBase {
  readonly name: string;
  readonly input?: string;
  readonly output?: string;
  readonly onErrors: readonly OnError[];
  readonly metadata: JsonObject;
}

export interface OnError {
  readonly errors: readonly ErrorDefinition[];
  readonly next: Next;
}

/** Where a state leads. */
export type Next =
  | { readonly kind: "transition"; readonly to: string; readonly produce: readonly Produce[] }
  | { readonly kind: "end"; readonly terminate: boolean; readonly produce: readonly Produce[] };

export type State = InjectState | OperationState | CallbackState | EventState | SwitchState | SleepState;

export interface InjectState extends StateBase {
  readonly type: "inject";
  readonly data: JsonObject;
  readonly next: Next;
}

export interface OperationState extends StateBase {
  readonly type: "operation";
  readonly actions: readonly Action[];
  readonly next: Next;
}

export interface CallbackState extends StateBase {
  readonly type: "callback";
  readonly action?: Action;
  readonly event: EventDefinition;
  readonly eventFilter: EventFilter;
  readonly eventTimeout?: string;
  readonly next: Next;
}

export interface EventState extends StateBase {
  readonly type: "event";
  readonly exclusive: boolean;
  readonly onEvents: readonly OnEvents[];
  readonly eventTimeout?: string;
  readonly next: Next;
}

export interface OnEvents {
  readonly events: readonly EventDefinition[];
  readonly actions: readonly Action[];
  readonly eventFilter: EventFilter;
}

/** A switch on data. */
export interface SwitchState extends StateBase {
  readonly type: "switch";
  readonly conditions: readonly { readonly name?: string; readonly condition: string; readonly next: Next }[];
  readonly otherwise?: Next;
}

export interface SleepState extends StateBase {
  readonly type: "sleep";
  readonly duration: string;
  readonly next: Next;
}

export interface EventFilter {
  readonly useData: boolean;
  readonly data?: string;
  readonly toStateData?: string;
}

export interface Action {
  /** Unique within its state: its own name, or its place, `2`. */
  readonly name: string;
  readonly condition?: string;
  readonly sleepBefore?: string;
  readonly sleepAfter?: string;
  readonly call:
    | { readonly kind: "function"; readonly function: FunctionDefinition; readonly arguments?: Json }
    | { readonly kind: "produce"; readonly produce: Produce };
  readonly fromStateData?: string;
  readonly useResults: boolean;
  readonly results?: string;
  readonly toStateData?: string;
}

/** An event to publish. `data` is an expression, or an object whose leaves may be; without it the state's data goes out. */
export interface Produce {
  readonly event: EventDefinition;
  readonly data?: Json;
  readonly contextAttributes: Readonly<Record<string, string>>;
}

/** A definition with everything that it refers to, as it is deployed and pinned by its hash. */
export interface Bundle {
  /** The workflow's own file, a key of `files`. */
  readonly path: string;
  /** Texts by path relative to the resources folder; `/` between folders. */
  readonly files: Readonly<Record<string, string>>;
}

/** Something wrong in a document: where, what was expected, what was found. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** JSON pointer of the place, `/states/2/transition`. */
  readonly pointer: string;
  readonly expected: string;
  readonly found: string;
  /** A name that was perhaps meant. */
  readonly suggestion?: string;
}
