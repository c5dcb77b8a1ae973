import { Fold } from "@antiphon/processor";
import { formatJson, isJsonObject, type Json, type JsonObject, parseJson, topics } from "@antiphon/protocol";
import type { Commit, Store } from "@antiphon/store";
import { type Mutant, withStore } from "./mutant.ts";

const isHistory = (space: string): boolean => space.startsWith(`${topics.history}/`);
const isCorrelations = (space: string): boolean => space.startsWith(`${topics.correlations}/`);
const isView = (space: string): boolean => space.startsWith("antiphon.views/");

/** What may be wrong with how a process goes on from what the store remembers, and what it has remembered there. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: "a correlator forgets on restore what it has taken in from relays",
    ports: withStore((store) => ({ load: loading(store, isCorrelations, withoutSources) })),
  },
  {
    name: "an orchestrator forgets on restore what it has taken in from relays",
    ports: withStore((store) => ({ load: loading(store, isHistory, withoutSources) })),
  },
  {
    name: "a correlator forgets on restore which events its keys have matched",
    ports: withStore((store) => ({ load: loading(store, isCorrelations, withoutMatched) })),
  },
  {
    name: "an orchestrator forgets on restore which events its instances have taken",
    ports: withStore((store) => ({ load: loading(store, isHistory, withoutSeen) })),
  },
  {
    name: "an orchestrator forgets its timers on restore",
    ports: withStore((store) => ({
      scan: async (space, index, range) => (isHistory(space) ? [] : await store.scan(space, index, range)),
    })),
  },
  { name: "a projector moves its position on before it writes its views", ports: withStore(positionFirst(isView)) },
  {
    name: "a processor moves its position on before it writes what it stands for",
    ports: withStore(positionFirst((space) => !isView(space))),
  },
  {
    name: "the store takes a commit wherever it is",
    ports: withStore((store) => ({
      async commit(space, commit) {
        const { position } = await store.load(space, []);
        return await store.commit(space, { ...commit, expected: position });
      },
    })),
  },
  {
    name: "whoever reads from the store does not look whether it is where it was left",
    ports: withStore(blindToPositions),
  },
];

/** Reads as the store does, but values of some spaces are not what they were. */
function loading(
  store: Store,
  isIt: (space: string) => boolean,
  wrong: (key: string, value: JsonObject) => Json,
): Store["load"] {
  return async (space, keys) => {
    const { position, values } = await store.load(space, keys);
    if (!isIt(space)) return { position, values };
    const read = values.map((text, i) => {
      const value = parseJson(text ?? "null");
      return isJsonObject(value) ? formatJson(wrong(keys[i] ?? "", value)) : text;
    });
    return { position, values: read };
  };
}

function withoutSources(key: string, value: JsonObject): Json {
  return key === Fold.ledgerKey ? { ...value, sources: {} } : value;
}

/** Events that a key holds stay; of the others nobody knows any more which they were. */
function withoutMatched(_key: string, value: JsonObject): Json {
  const { state } = value;
  if (!isJsonObject(state ?? null) || !Array.isArray((state as JsonObject)["events"])) return value;
  const { events } = state as { readonly events: readonly JsonObject[] };
  const forgotten = events.map((one) => (one["held"] === undefined ? { ...one, id: "forgotten" } : one));
  return { ...value, state: { ...(state as JsonObject), events: forgotten } };
}

function withoutSeen(_key: string, value: JsonObject): Json {
  const { state } = value;
  return isJsonObject(state ?? null) && Array.isArray((state as JsonObject)["seen"])
    ? { ...value, state: { ...(state as JsonObject), seen: [] } }
    : value;
}

/** Writes in two steps what belongs in one. */
function positionFirst(isIt: (space: string) => boolean): (store: Store) => Partial<Store> {
  return (store) => ({
    async commit(space, { expected, position, ...content }) {
      if (!isIt(space)) return await store.commit(space, { expected, position, ...content });
      const nothing: Commit = { expected, position, values: new Map(), added: [], removed: [] };
      if ((await store.commit(space, nothing)) === "conflict") return "conflict";
      return await store.commit(space, { expected: position, position, ...content });
    },
  });
}

/** Says of a space that it is where this process left it, whatever has become of it. */
function blindToPositions(store: Store): Partial<Store> {
  const left = new Map<string, number>();
  return {
    async load(space, keys) {
      const { position, values } = await store.load(space, keys);
      return { position: left.get(space) ?? position, values };
    },
    async commit(space, commit) {
      const outcome = await store.commit(space, commit);
      if (outcome === "committed") left.set(space, commit.position);
      else left.delete(space);
      return outcome;
    },
  };
}
