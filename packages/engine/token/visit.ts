import type { InstanceEvent, Json, WorkflowError } from "@antiphon/protocol";
import type { Environment } from "../environment.ts";
import { handlerOf } from "../errors/match-error.ts";
import type { ActionState, ActiveInstance, TimerState, Token, WaitState } from "../instance/instance.ts";
import type { Evaluate } from "../language/evaluate.ts";
import { variablesOf } from "../language/variables.ts";
import type { CompiledState } from "../workflow.ts";
import type { Draft } from "./draft.ts";

/** One stay of a token in a state, as its steps see it: places become ids that no other visit has. */
export class Visit {
  readonly draft: Draft;
  readonly state: CompiledState;
  readonly number: number;

  constructor(draft: Draft, state: CompiledState, token: Token) {
    this.draft = draft;
    this.state = state;
    this.number = token.visit;
  }

  get instance(): ActiveInstance {
    return this.draft.active;
  }

  get data(): Json {
    return this.instance.data;
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

  /** Sets the instance's data; no fact if that changes nothing. */
  change(data: Json): void {
    this.draft.change(data);
  }

  /** The result of an expression, over the instance's data unless another input is given. */
  evaluate<T>(expression: Evaluate<T>, input: Json = this.data): T {
    return expression(input, variablesOf(this));
  }

  id(place: string): string {
    return `${this.number}.${place}`;
  }

  action(place: string): ActionState | undefined {
    return this.instance.actions[this.id(place)];
  }

  wait(place: string): WaitState | undefined {
    return this.instance.waits[this.id(place)];
  }

  timer(place: string): TimerState | undefined {
    return this.instance.timers[this.id(place)];
  }

  /** Whether the state has a handler for this error. */
  catches(error: WorkflowError): boolean {
    return handlerOf(this.state.handlers, error) !== undefined;
  }
}
