import type { InstanceEvent, Json, JsonObject, WorkflowError } from "@antiphon/protocol";
import { merge } from "../data/merge.ts";
import type { Environment } from "../environment.ts";
import { handlerOf } from "../errors/match-error.ts";
import { visitOf } from "../instance/ids.ts";
import {
  type ActionState,
  type ActiveInstance,
  type Branch,
  type Fork,
  keysOf,
  MAIN,
  type TimerState,
  type Token,
  type WaitState,
} from "../instance/instance.ts";
import { RESULT, TIMEOUT } from "../instance/summary.ts";
import type { Evaluate } from "../language/evaluate.ts";
import { variablesOf } from "../language/variables.ts";
import type { CompiledState } from "../workflow.ts";
import type { Draft } from "./draft.ts";

/** The timer of one run of a state, in which no action is tried again. */
export const SINGLE_RUN = "single";

/** The place of the time until an action is tried again, in ids of timers. */
export const RETRY = "retry";

/**
 * One stay of a token in a state, or one branch of it, as its steps see it: places become ids that no other visit has,
 * and data is the branch's own where it has some.
 */
export class Visit {
  readonly draft: Draft;
  readonly state: CompiledState;
  readonly number: number;
  /** Absent: the state itself. */
  readonly branch: string | undefined;
  readonly #token: Token;

  constructor(draft: Draft, state: CompiledState, token: Token, branch?: string) {
    this.draft = draft;
    this.state = state;
    this.number = token.visit;
    this.branch = branch;
    this.#token = token;
  }

  /** The same visit, in one of its branches. */
  in(branch: string): Visit {
    return new Visit(this.draft, this.state, this.#token, branch);
  }

  get instance(): ActiveInstance {
    return this.draft.active;
  }

  get data(): Json {
    const branch = this.#branch;
    return branch?.scope === "copy" && branch.data !== undefined ? branch.data : this.instance.data;
  }

  /** What expressions may name beside the data: the branch's, then the instance's. */
  get variables(): JsonObject {
    return { ...this.instance.variables, ...this.#branch?.variables };
  }

  /** What the last action brought, where it is kept. */
  get lastResult(): Json {
    return this.#branch?.lastResult ?? this.instance.lastResult ?? null;
  }

  /** The step that it rests at; undefined: it is on its way. */
  get step(): string | undefined {
    return this.branch === undefined ? this.instance.tokens[MAIN]?.step : this.#branch?.step;
  }

  get #branch(): Branch | undefined {
    return this.branch === undefined ? undefined : this.instance.branches?.[this.branch];
  }

  get env(): Environment {
    return this.draft.env;
  }

  /** The place in the definition, for messages. */
  get where(): string {
    return `state ${JSON.stringify(this.state.state.name)}`;
  }

  emit(event: InstanceEvent): void {
    this.draft.emit(event);
  }

  /** Sets the data, of the branch where it has its own; no fact if that changes nothing. */
  change(data: Json): void {
    const isOwn = this.#branch !== undefined && this.#branch.scope !== "shared";
    this.draft.change(data, isOwn ? this.branch : undefined);
  }

  /** Takes an action's result in: into the data, or as what this branch comes to. */
  takeResult(result: Json, target: ((value: Json) => Evaluate<Json>) | undefined): void {
    if (this.#branch?.scope === "result") {
      this.change(target === undefined ? result : this.evaluate(target(result), {}));
    } else {
      this.change(target === undefined ? merge(result, this.data) : this.evaluate(target(result)));
    }
  }

  /** The result of an expression, over the instance's data unless another input is given. */
  evaluate<T>(expression: Evaluate<T>, input: Json = this.data): T {
    return expression(input, variablesOf(this));
  }

  id(place: string): string {
    return `${this.branch ?? this.number}.${place}`;
  }

  fork(place: string): Fork | undefined {
    return this.instance.forks?.[this.id(place)];
  }

  action(place: string): ActionState | undefined {
    return this.instance.actions[this.id(place)];
  }

  /** The number of an action's newest attempt. */
  attempt(place: string): number {
    return this.instance.attempts?.[this.id(place)] ?? 1;
  }

  wait(place: string): WaitState | undefined {
    return this.instance.waits[this.id(place)];
  }

  timer(place: string): TimerState | undefined {
    return this.instance.timers[this.id(place)];
  }

  /** Gives up an action that is under way: its result, or the event that is its result, comes too late. */
  cancelAction(place: string): void {
    const action = this.action(place);
    if (action?.status === "pending") {
      const { child } = action;
      this.emit({ type: "ActionCancelled", action: this.id(place), ...(child !== undefined && { child }) });
    }
    const result = this.resultPlace(place);
    const wait = this.wait(result);
    if (wait?.status !== "open") return;
    this.emit({ type: "WaitClosed", wait: this.id(result), reason: "timeout", ...keysOf(wait) });
    this.forgetTimer(`${result}.${TIMEOUT}`);
    this.emit({ type: "ActionCancelled", action: this.id(place) });
  }

  /**
   * The place of the event that is an action's result: of each attempt another one, so that a wait has one resolution. An
   * earlier release had one place for all of them, at which an instance may wait still.
   */
  resultPlace(place: string): string {
    const first = `${place}.${RESULT}`;
    const attempt = this.attempt(place);
    return attempt === 1 || this.wait(first) !== undefined ? first : `${first}.${attempt}`;
  }

  /** What answered an attempt of an action, or was to do so, is let go: the next attempt asks anew. */
  forgetResult(place: string): void {
    const result = this.resultPlace(place);
    const wait = this.wait(result);
    this.forgetTimer(`${result}.${TIMEOUT}`);
    if (wait === undefined) return;
    this.emit({ type: "WaitClosed", wait: this.id(result), reason: "retried", ...keysOf(wait) });
  }

  /** Forgets a timer, so that it may be started again. */
  forgetTimer(place: string): void {
    if (this.timer(place) !== undefined) this.emit({ type: "TimerCancelled", timer: this.id(place) });
  }

  /** The state has as long as at its beginning for a further run of itself. */
  restartSingleRun(): void {
    const timer = `${this.number}.${SINGLE_RUN}`;
    if (this.instance.timers[timer] !== undefined) this.emit({ type: "TimerCancelled", timer });
  }

  /** Whether an action of the state waits for its next attempt. */
  get isRetrying(): boolean {
    return Object.entries(this.instance.timers).some(([id, { fired }]) => {
      return !fired && visitOf(id) === this.number && id.endsWith(`.${RETRY}`);
    });
  }

  /** Whether the state has a handler for this error. */
  catches(error: WorkflowError): boolean {
    return handlerOf(this.state.handlers, error) !== undefined;
  }
}
