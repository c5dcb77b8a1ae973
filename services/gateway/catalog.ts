import { type Intake, type Subscriptions, subscribe } from "@antiphon/correlation";
import { type Definition, formatProblems, nearestName } from "@antiphon/definition";
import { type Definitions, type Deployment, eventTopics, type Refusal } from "@antiphon/host/definitions";
import { channelPaths, placeOf } from "./events/channel-paths.ts";
import { Problem } from "./http/problem.ts";
import { headersInFamily } from "./workflows/headers-in-family.ts";

/** How many workflows are named to somebody who asked for one that does not exist. */
export const NAMED_MAX = 20;

const FOR_NOBODY: Intake = { types: new Map(), cloudEvents: true, bareTypes: [] };

interface Contents {
  readonly subscriptions: Subscriptions;
  /** What is taken from where, by method and path. */
  readonly channels: ReadonlyMap<string, Intake>;
  /** Topics that definitions read or write. */
  readonly topics: ReadonlySet<string>;
  /** Ids of the workflows that can be started, sorted. */
  readonly workflows: readonly string[];
  /** By workflow, all that were deployed. */
  readonly versions: ReadonlyMap<string, readonly Definition[]>;
}

/** What the deployed definitions mean for the routes; found out once after each change of theirs. */
export class Catalog implements Disposable {
  readonly #definitions: Definitions;
  readonly #stop: () => void;
  #contents: Contents | undefined;
  #headers = new WeakMap<Definition, ReadonlySet<string>>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    this.#stop = definitions.onChange(() => {
      this.#contents = undefined;
      this.#headers = new WeakMap();
    });
  }

  get subscriptions(): Subscriptions {
    return this.#read().subscriptions;
  }

  /** What a channel takes in at a path; undefined: no channel has it. */
  channelAt(method: string, path: string): Intake | undefined {
    return this.#read().channels.get(placeOf(method, path));
  }

  get workflows(): readonly string[] {
    return this.#read().workflows;
  }

  get topics(): ReadonlySet<string> {
    return this.#read().topics;
  }

  /** The headers whose tokens a workflow and its subflows pass on to services. */
  headersPassedOn(definition: Definition): ReadonlySet<string> {
    const known = this.#headers.get(definition);
    if (known !== undefined) return known;
    const { versions } = this.#read();
    const headers = headersInFamily(definition, (workflow) => versions.get(workflow) ?? []);
    this.#headers.set(definition, headers);
    return headers;
  }

  /** A workflow by its id; a 404 that names others if there is none. */
  workflow(id: string): Deployment {
    const deployment = this.#definitions.current(id);
    if (deployment !== undefined) return deployment;
    const refusal = this.#definitions.refusals().find((one) => one.id === id);
    if (refusal !== undefined) throw refused(id, refusal);
    const { workflows } = this.#read();
    const named = workflows.slice(0, NAMED_MAX);
    const more = workflows.length > named.length ? ` and ${workflows.length - named.length} more` : "";
    const suggestion = nearestName(id, workflows);
    const hint = suggestion === undefined ? "" : `; did you mean ${JSON.stringify(suggestion)}?`;
    const expected = named.length === 0 ? "one, but none is deployed" : `one of ${named.join(", ")}${more}`;
    const detail = `workflow: expected ${expected}, found ${JSON.stringify(id)}${hint}`;
    const members = { workflows: named, ...(suggestion !== undefined && { suggestion }) };
    throw new Problem(404, "no-such-workflow", detail, { members });
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #read(): Contents {
    if (this.#contents !== undefined) return this.#contents;
    const all = this.#definitions.all();
    const subscriptions = subscribe(all);
    // A channel that nobody consumes from takes events all the same: they are told to be for nobody.
    const paths = all.flatMap(({ definition }) => channelPaths(definition));
    const definitions = all.map(({ definition }) => definition);
    this.#contents = {
      subscriptions,
      channels: new Map([...paths.map((path) => [path, FOR_NOBODY] as const), ...subscriptions.byPath]),
      topics: new Set(all.flatMap(({ definition }) => eventTopics(definition))),
      workflows: all
        .filter(({ current }) => current)
        .map(({ definition }) => definition.id)
        .sort(),
      versions: Map.groupBy(definitions, ({ id }) => id),
    };
    return this.#contents;
  }
}

/** A workflow that is in the folder, and wrong. */
function refused(id: string, { file, problems }: Refusal): Problem {
  const detail = `workflow ${JSON.stringify(id)} is not deployed, as its definition in ${file} cannot be used:\n${formatProblems(problems)}`;
  return new Problem(404, "workflow-refused", detail, { members: { problems: problems.map((one) => ({ ...one })) } });
}
