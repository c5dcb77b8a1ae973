/** What a script beside a definition says: see test/definitions/README.md. */
export interface Script {
  /** The name of its file, without its endings; unique, as it is the first part of its services' paths. */
  readonly name: string;
  /** Its own folder, relative to that of all definitions; `""` or ending in `/`. */
  readonly folder: string;
  /** The ids of the workflows that it runs, its own first. */
  readonly workflows: readonly string[];
  /** What its services answer at any time, as often as they are asked. */
  readonly always: readonly Exchange[];
  readonly cases: readonly Case[];
}

/** One run from the first step to the last. */
export interface Case {
  readonly case: string;
  /** What services are asked, each once, in no certain order but that of equal questions. */
  readonly services?: readonly Exchange[];
  readonly steps: readonly Step[];
}

/** A question to a service and its answer. */
export interface Exchange {
  /** `POST /orders?dry=true`, or of gRPC `rpc Prices/quote`. */
  readonly asked: string;
  /** The whole body; absent: none. Of gRPC a message, or an array of them. */
  readonly body?: unknown;
  /** Headers that are there, among others. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: 204. `"never"`: none comes. */
  readonly answers?: ServiceAnswer | "never";
  /** How often; absent: once. */
  readonly times?: number;
  /** Events that the service sends before it answers. */
  readonly sends?: readonly object[];
  /** The name by which steps refer to what came: `${name.member}`. */
  readonly as?: string;
}

/** What a service answers. */
export interface ServiceAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body that is no JSON. */
  readonly text?: string;
  /** A body from a file of the script's folder. */
  readonly file?: string;
  /** The error of a gRPC service. */
  readonly error?: { readonly code: number; readonly message: string };
}

/** What a client of Antiphon is answered. */
export interface ExpectedAnswer {
  /** A number, or `${any}`. */
  readonly status: number | string;
  /** The whole body; absent: it is not looked at. */
  readonly body?: unknown;
  /** Members that the body has, each whole. */
  readonly includes?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One thing that happens, or is waited for. */
export type Step =
  | {
      readonly start: unknown;
      readonly workflow?: string;
      readonly key?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly answers?: ExpectedAnswer;
      readonly as?: string;
    }
  | { readonly send: object; readonly to?: string; readonly becomes?: string; readonly as?: string }
  | { readonly waits: string | readonly string[]; readonly of?: string }
  /** A fact of its history, by its type. */
  | { readonly happens: string; readonly of?: string }
  | { readonly produces: readonly object[] }
  | { readonly follows: string; readonly as?: string }
  | { readonly shows: unknown; readonly of?: string }
  | { readonly ends: unknown; readonly of?: string }
  | { readonly fails: unknown; readonly error?: object; readonly of?: string }
  | { readonly aborts: unknown; readonly of?: string }
  | {
      readonly call: string;
      readonly with?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly answers: ExpectedAnswer;
      /** It is called until it is answered so. */
      readonly repeatedly?: true;
    };

/** What steps may be, each with the members that it may have. */
export const STEP_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  start: ["workflow", "key", "headers", "answers", "as"],
  send: ["to", "becomes", "as"],
  waits: ["of"],
  happens: ["of"],
  produces: [],
  follows: ["as"],
  shows: ["of"],
  ends: ["of"],
  fails: ["error", "of"],
  aborts: ["of"],
  call: ["with", "headers", "answers", "repeatedly"],
};

/** What an exchange may have. */
export const EXCHANGE_MEMBERS = ["asked", "body", "headers", "answers", "times", "sends", "as"];
