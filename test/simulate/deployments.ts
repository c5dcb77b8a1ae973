import { readDefinition } from "@antiphon/definition";
import { contentHash, type Definitions, type Deployment } from "@antiphon/host/definitions";
import { formatJson } from "@antiphon/protocol";
import { WORKFLOWS } from "./workflows/index.ts";

/** So that whatever may be decided in slices is, a branch in each, and others come in between. */
export const SLICE_STEPS = 1;

/** All workflows, read once. */
export const DEPLOYMENTS: readonly Deployment[] = Object.entries(WORKFLOWS).map(([id, document], sequence) => {
  const bundle = { path: `${id}.sw.json`, files: { [`${id}.sw.json`]: JSON.stringify(document) } };
  const { definition, problems } = readDefinition(bundle, {});
  if (definition === undefined) throw new Error(`${id}: ${JSON.stringify(problems)}`);
  return { hash: contentHash(bundle), definition, bundle, configuration: {}, deployedMs: 0, sequence, current: true };
});

/** Definitions of a process that has read them all before anything else, and hears of no further ones. */
export function knownDefinitions(): Definitions {
  const find = (hash: string) => DEPLOYMENTS.find((one) => one.hash === hash);
  const current = (workflow: string) => DEPLOYMENTS.find(({ definition }) => definition.id === workflow);
  return {
    ready: Promise.resolve(),
    secrets: { shown: formatJson },
    find,
    get: (hash) => found(find(hash), hash),
    current,
    named: current,
    all: () => DEPLOYMENTS,
    until: (look, what) => found(look(), what),
    newest: async () => {},
    refusals: () => [],
    refuse: () => {},
    onChange: () => () => {},
    async [Symbol.asyncDispose]() {},
  };
}

function found<T>(one: T | undefined, what: string): Promise<T> {
  return one === undefined ? Promise.reject(new Error(`there is no ${what}`)) : Promise.resolve(one);
}
