import type { Definition, FunctionDefinition } from "@antiphon/definition";
import { credentialsFor } from "../auth/credentials-for.ts";
import { configuredTimeoutMs } from "./configured-timeout.ts";

/** What is configured for the calls of a function. */
export interface CallSettings {
  /** How long one may take, in milliseconds; undefined: nothing is configured. */
  readonly timeoutMs: number | undefined;
  readonly credentials: ReturnType<typeof credentialsFor>;
}

/** Looks up what is configured for a function once, as long as its definition is held: another configuration makes another one. */
export class FunctionSettings {
  readonly #known = new WeakMap<Definition, Map<FunctionDefinition, CallSettings>>();

  /** Throws `ActionError` if something is configured that cannot be. */
  of(definition: Definition, called: FunctionDefinition): CallSettings {
    const settingsOf = this.#known.get(definition) ?? new Map<FunctionDefinition, CallSettings>();
    this.#known.set(definition, settingsOf);
    const known = settingsOf.get(called);
    if (known !== undefined) return known;
    const timeoutMs = configuredTimeoutMs(definition, called);
    const settings = { timeoutMs, credentials: credentialsFor(definition, called) };
    settingsOf.set(called, settings);
    return settings;
  }
}
