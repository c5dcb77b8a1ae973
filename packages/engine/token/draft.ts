import { equalJson, type InstanceEvent, type Json } from "@antiphon/protocol";
import { DATA_DEPTH_MAX, isDeeper } from "../data/depth.ts";
import type { Environment } from "../environment.ts";
import { illegal } from "../errors/workflow-fault.ts";
import { evolve } from "../instance/evolve.ts";
import type { ActiveInstance, Instance } from "../instance/instance.ts";
import type { Workflow } from "../workflow.ts";

/** A decision in the making: the facts so far, and the instance as they leave it. */
export class Draft {
  readonly workflow: Workflow;
  readonly env: Environment;
  readonly events: InstanceEvent[] = [];
  #instance: Instance;

  constructor(workflow: Workflow, instance: Instance, env: Environment) {
    this.workflow = workflow;
    this.env = env;
    this.#instance = instance;
  }

  /** Throws `WorkflowFault` if what a fact carries is nested too deeply to be read back. */
  emit(...facts: readonly InstanceEvent[]): void {
    for (const fact of facts) {
      if (isDeeper(fact as unknown as Json, FACT_DEPTH_MAX)) {
        throw illegal("too-deep", `expected data nested at most ${DATA_DEPTH_MAX} levels deep, found more`);
      }
      this.#instance = evolve(this.#instance, fact, this.env.nowMs);
      this.events.push(fact);
    }
  }

  /** Sets the instance's data; no fact if that changes nothing. */
  change(data: Json): void {
    if (!equalJson(data, this.active.data)) this.emit({ type: "DataChanged", data });
  }

  get isActive(): boolean {
    return this.#instance.status === "active";
  }

  get active(): ActiveInstance {
    if (this.#instance.status === "active") return this.#instance;
    throw new Error(`expected an active instance, found one that is ${this.#instance.status}`);
  }
}

/** An event that was delivered stands in some facts a few levels deeper than in its order. */
const FACT_DEPTH_MAX = DATA_DEPTH_MAX + 10;
