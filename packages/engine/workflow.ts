import { type Definition, type EventDefinition, eventsAwaitedIn, type State } from "@antiphon/definition";
import type { InstanceTimeout, Json } from "@antiphon/protocol";
import { compileHandlers, type Handler } from "./errors/match-error.ts";
import { bufferMsOf } from "./events/buffer.ts";
import { compileValues, type ValuesOf } from "./events/wait-key.ts";
import { compileStartData, type StartData } from "./inputs/start-data.ts";
import { kindOf } from "./kinds/registry.ts";
import type { Evaluate } from "./language/evaluate.ts";
import { type Language, languageOf } from "./language/language.ts";
import { type Program, programOf } from "./token/step.ts";
import type { Moment } from "./token/timer.ts";
import { compileTimeout } from "./token/workflow-timeout.ts";

/** A definition ready to run: every expression compiled, every state a list of steps. */
export interface Workflow {
  readonly definition: Definition;
  readonly states: ReadonlyMap<string, CompiledState>;
  /** What its states wait for, by CloudEvents type. */
  readonly consumed: ReadonlyMap<string, ConsumedType>;
  /** Where events have the values of their correlation attributes, by the name of their definition. */
  readonly correlation: ReadonlyMap<string, ValuesOf>;
  /** Absent: it is started by request, and no event starts it. */
  readonly startData?: StartData;
  /** When an instance must have ended that starts now; absent: it has as long as it wants. */
  readonly timeout?: (nowMs: number) => Evaluate<InstanceTimeout>;
  /** An expression may read `$WORKFLOW.input`. */
  readonly keepsInput: boolean;
  /** An expression may read `$WORKFLOW.prevActionResult`. */
  readonly keepsResult: boolean;
}

export interface ConsumedType {
  readonly definitions: readonly EventDefinition[];
  /** How long an event of it is kept that comes early. */
  readonly bufferMs: number;
}

export interface CompiledState {
  readonly state: State;
  readonly program: Program;
  readonly handlers: readonly Handler[];
  readonly input?: Evaluate<Json>;
  readonly output?: Evaluate<Json>;
  /** How long a visit may take, in all and in one run of it. */
  readonly timeout?: { readonly total: Moment; readonly single?: Moment };
  /** What an end state says that ends in an error; empty: it does not. */
  readonly errorMessage?: Evaluate<string>;
}

/**
 * Makes a definition ready, once for all its instances. Throws an Error that names the place if a text that must be an
 * expression is none.
 */
export function compile(definition: Definition): Workflow {
  const language = languageOf(definition);
  const states = Object.values(definition.states);
  const texts = JSON.stringify([states, definition.functions]);
  const startData = compileStartData(language, definition);
  return {
    definition,
    states: new Map(states.map((state) => [state.name, compileState(language, state)])),
    consumed: consumedTypes(states),
    correlation: new Map(
      Object.values(definition.events).map((event) => [event.name, compileValues(definition, event)]),
    ),
    ...(startData && { startData }),
    ...(definition.timeout && { timeout: compileTimeout(language, definition.timeout) }),
    keepsInput: READS_INPUT.test(texts),
    keepsResult: READS_RESULT.test(texts),
  };
}

/** `$WORKFLOW.input` and `$WORKFLOW.prevActionResult`, or `$WORKFLOW` as a whole. */
const READS_INPUT = /\$WORKFLOW(?!\.(?!input\b)\w)/;
const READS_RESULT = /\$WORKFLOW(?!\.(?!prevActionResult\b)\w)/;

function compileState(language: Language, state: State): CompiledState {
  const { name, input, output, onErrors, metadata, timeout } = state;
  const what = `state ${JSON.stringify(name)}`;
  return {
    state,
    program: programOf(kindOf(state).steps(language, state)),
    handlers: compileHandlers(language, onErrors),
    ...(input !== undefined && { input: language.filter(input, `${what}, stateDataFilter.input`) }),
    ...(output !== undefined && { output: language.filter(output, `${what}, stateDataFilter.output`) }),
    ...(timeout && { timeout: compileTimes(language, timeout, `${what}, stateExecTimeout`) }),
    ...(typeof metadata.errorMessage === "string" && {
      errorMessage: language.value(metadata.errorMessage, `${what}, errorMessage`),
    }),
  };
}

function compileTimes(language: Language, { total, single }: NonNullable<State["timeout"]>, what: string) {
  return {
    total: language.moment(total, what),
    ...(single !== undefined && { single: language.moment(single, `${what}, single`) }),
  };
}

function consumedTypes(states: readonly State[]): ReadonlyMap<string, ConsumedType> {
  const types = new Map<string, ConsumedType>();
  for (const definition of states.flatMap(eventsAwaitedIn)) {
    const { definitions, bufferMs } = types.get(definition.type) ?? { definitions: [], bufferMs: 0 };
    const longerMs = Math.max(bufferMs, bufferMsOf(definition));
    types.set(definition.type, { definitions: [...definitions, definition], bufferMs: longerMs });
  }
  return types;
}
