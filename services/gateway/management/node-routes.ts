import type { Definition, State } from "@antiphon/definition";
import type { FastifyInstance } from "fastify";
import type { Gateway } from "../gateway.ts";
import { sendJson } from "../http/answer.ts";
import { Problem } from "../http/problem.ts";
import { type Change, change } from "../workflows/change.ts";
import { type HeldInstance, heldInstance } from "../workflows/held-instance.ts";
import { unknownState } from "../workflows/start-headers.ts";
import { timersOf } from "./describe-instance.ts";
import { withoutSla } from "./without-sla.ts";

interface InstanceParams {
  readonly workflow: string;
  readonly id: string;
}

interface ByNode {
  readonly Params: InstanceParams & { readonly node: string };
}

interface ByVisit {
  readonly Params: InstanceParams & { readonly visit: string };
}

interface ByTimer {
  readonly Params: InstanceParams & { readonly timer: string };
}

/** Routes of one instance's nodes, which are the states of its workflow, and of their timers. `instance` is its path. */
export function registerNodes(app: FastifyInstance, gateway: Gateway, instance: string): void {
  app.post<ByNode>(`${instance}/nodes/:node`, async ({ params }, reply) => {
    const held = await heldInstance(gateway, params);
    const definition = pinned(gateway, held);
    if (!Object.hasOwn(definition.states, params.node)) throw unknownState(definition, params.node, "node", 404);
    return change(gateway, held, { type: "MoveToken", to: params.node }, reply);
  });

  app.post<ByVisit>(`${instance}/nodeInstances/:visit`, async ({ params }, reply) => {
    const held = await heldInstance(gateway, params);
    return change(gateway, held, { type: "MoveToken", to: stateIn(held, params.visit).state }, reply);
  });

  app.delete<ByVisit>(`${instance}/nodeInstances/:visit`, async ({ params }, reply) => {
    const held = await heldInstance(gateway, params);
    const { state } = stateIn(held, params.visit);
    return change(gateway, held, passing(held, pinned(gateway, held).states[state], state), reply);
  });

  app.get<ByVisit>(`${instance}/nodeInstances/:visit/timers`, async ({ params }, reply) => {
    const held = await heldInstance(gateway, params);
    return sendJson(reply, 200, timersOf(held, stateIn(held, params.visit).visit));
  });

  app.patch<ByVisit>(`${instance}/nodeInstances/:visit/sla`, async ({ params }) => {
    stateIn(await heldInstance(gateway, params), params.visit);
    throw withoutSla();
  });

  app.post<ByTimer>("/management/jobs/:workflow/instances/:id/timers/:timer", async ({ params }, reply) => {
    const held = await heldInstance(gateway, params);
    const { timer } = params;
    if (held.timers[timer]?.fired !== false) {
      const detail = `instance ${held.id}: expected a timer that runs, found none ${JSON.stringify(timer)}`;
      throw new Problem(404, "no-such-timer", detail, { members: { timers: runningIn(held) } });
    }
    if (held.status === "faulted") {
      const detail = `instance ${held.id} has failed, and its timers stand still until it goes on`;
      throw new Problem(409, "instance-failed", detail, { members: { id: held.id } });
    }
    return change(gateway, held, { type: "FireTimer", timer }, reply);
  });
}

/** The definition that an instance goes by. */
function pinned({ ports }: Gateway, { id, definition: hash }: HeldInstance): Definition {
  const definition = ports.definitions.find(hash)?.definition;
  if (definition !== undefined) return definition;
  throw new Error(`instance ${id}: expected its definition ${hash} to be known, found it is not`);
}

/** The visit of a state that a node instance's id means; a 404 if the instance is not in it. */
function stateIn({ id, tokens }: HeldInstance, visit: string): { readonly state: string; readonly visit: number } {
  const all = Object.values(tokens);
  const found = all.find((token) => String(token.visit) === visit);
  if (found !== undefined) return found;
  const present = all.map((token) => `${token.visit} (${token.state})`).join(", ") || "none";
  const detail = `instance ${id}: expected a node instance that it is in, ${present}, found ${JSON.stringify(visit)}`;
  throw new Problem(404, "no-such-node-instance", detail);
}

/**
 * The order by which an instance leaves a state without its result: one that has failed passes over what failed; else it
 * goes to where the state's one transition leads. Where there are several ways, or the end, nobody has said which it is.
 */
function passing({ id, status }: HeldInstance, state: State | undefined, name: string): Change {
  if (status === "faulted") return { type: "RetriggerInstance", skip: true };
  if (state !== undefined && "next" in state && state.next.kind === "transition") {
    return { type: "MoveToken", to: state.next.to };
  }
  const detail =
    `instance ${id}: expected a state with one transition to go on by, found ${JSON.stringify(name)}, which has none; ` +
    "POST …/nodes/{node} moves the instance to a state, DELETE …/instances/{id} aborts it";
  throw new Problem(409, "no-way-on", detail, { members: { id } });
}

function runningIn({ timers }: HeldInstance): readonly string[] {
  return Object.entries(timers).flatMap(([id, { fired }]) => (fired ? [] : [id]));
}
