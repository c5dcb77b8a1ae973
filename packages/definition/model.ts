/**
 * A workflow document as the engine and the services use it: every reference resolved, every shorthand spelled out,
 * every default filled in. `readDefinition` makes it. Expressions and durations stay texts (a duration may be an
 * expression); they have been checked.
 */
import type { JsonObject } from "@antiphon/protocol";
import type { AuthDefinition } from "./model/auth.ts";
import type { EventDefinition } from "./model/events.ts";
import type { FunctionDefinition } from "./model/functions.ts";
import type { WorkflowTimeout } from "./model/next.ts";
import type { ErrorDefinition, RetryStrategy } from "./model/retries.ts";
import type { State } from "./model/states.ts";

export type { Action, ActionCall, ActionMode } from "./model/actions.ts";
export type { AuthDefinition, AuthScheme, OAuth2Definition } from "./model/auth.ts";
export type { CorrelationAttribute, EventDefinition, EventFilter, Produce } from "./model/events.ts";
export type {
  AsyncApiOperation,
  FunctionDefinition,
  GraphQlField,
  KnativeService,
  LogLevel,
  ModuleFunction,
  ODataEntitySet,
  RpcMethod,
} from "./model/functions.ts";
export type { ContinueAs, Next, OnError, WorkflowTimeout } from "./model/next.ts";
export type {
  OpenApiAnswer,
  OpenApiBody,
  OpenApiCallback,
  OpenApiOperation,
  OpenApiParameter,
  OpenApiPart,
  OpenApiSecurity,
  OpenApiSecurityScheme,
  OpenApiStyle,
  ScalarType,
  ValueType,
  ValueTypes,
} from "./model/openapi.ts";
export type { ErrorDefinition, Retry, RetryStrategy } from "./model/retries.ts";
export type {
  Branch,
  CallbackState,
  EventState,
  EventSwitchState,
  ForeachState,
  InjectState,
  OnEvents,
  OperationState,
  ParallelState,
  SleepState,
  State,
  SwitchState,
} from "./model/states.ts";

export interface Definition {
  readonly id: string;
  /** What its author calls the domain of it; for readers only. */
  readonly key?: string;
  readonly version: string;
  readonly name: string;
  readonly description?: string;
  /** Absent: jq. */
  readonly expressionLang?: "jsonpath";
  readonly start: string;
  /** When it starts by itself; absent: only by a request or an event. */
  readonly schedule?: Schedule;
  readonly states: Readonly<Record<string, State>>;
  readonly events: Readonly<Record<string, EventDefinition>>;
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  readonly errors: Readonly<Record<string, ErrorDefinition>>;
  readonly retries: Readonly<Record<string, RetryStrategy>>;
  readonly auth: Readonly<Record<string, AuthDefinition>>;
  /** Names of what `$SECRET` is used for; any property may be read by it, named here or not. */
  readonly secrets: readonly string[];
  readonly constants: JsonObject;
  readonly dataInputSchema?: DataSchema;
  /** The `workflow-output-schema` extension: what the data must be when an instance ends. */
  readonly dataOutputSchema?: DataSchema;
  readonly timeout?: WorkflowTimeout;
  readonly keepActive: boolean;
  readonly annotations: readonly string[];
  readonly metadata: JsonObject;
  /** Ids of the workflows that run within it, or go on where it ends. */
  readonly workflows: readonly string[];
  /** `application.properties` of the folder it came from, profiles and `${…}` resolved. */
  readonly properties: Readonly<Record<string, string>>;
  /** What `$SECRET` is, by key: of the secrets that the definition names those that it may read. For nobody to see. */
  readonly secretValues: Readonly<Record<string, string>>;
}

export interface DataSchema {
  readonly schema: JsonObject;
  /** False: what does not conform is logged, and goes on. */
  readonly failOnValidationErrors: boolean;
}

export type Schedule =
  /** An ISO 8601 duration, or a repeating interval (`R5/2026-01-01T00:00:00Z/PT1H`). */
  | { readonly kind: "interval"; readonly interval: string }
  | {
      readonly kind: "cron";
      /** Five or six fields, the seconds first if there are six. */
      readonly cron: string;
      /** IANA time zone; UTC unless said. */
      readonly timezone: string;
      /** Epoch milliseconds after which it starts no more. */
      readonly validUntilMs?: number;
    };

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
