import { Client, type Fate, type ShownEvent, type ShownInstance } from "../support/client.ts";

const AT_A_TIME = 8;
const PAGE = 200;

/** What the ledger says of one event. */
export interface LedgerItem extends Fate {
  readonly type: string;
  /** How often it came again. */
  readonly duplicates: number;
}

/** What was put aside. */
export interface Letter {
  readonly id: string;
  readonly disposition: string;
  readonly reason: string;
  readonly event?: { readonly source: string; readonly id: string };
}

/** An instance that was found, and what happened to it. */
export interface FoundInstance extends ShownInstance {
  readonly history: readonly ShownEvent[];
}

/** What the audit says. */
export interface Audit {
  readonly agrees: boolean;
  readonly events: {
    readonly received: number;
    readonly sum: number;
    readonly dispositions: Readonly<Record<string, number>>;
  };
  readonly inputs: { readonly waiting: number };
  readonly waits: { readonly open: number; readonly registered: number; readonly onTheWay: number };
  readonly heldEvents: number;
  readonly instances: { readonly live: number; readonly ended: number };
  readonly deadLetters: { readonly all: number; readonly open: number };
}

/** What Antiphon says in the end. */
export interface Outcome {
  readonly instances: readonly FoundInstance[];
  readonly ledger: readonly LedgerItem[];
  readonly waits: readonly object[];
  readonly letters: readonly Letter[];
  readonly audit: Audit;
}

/** Asks Antiphon for all that it knows. */
export async function readOutcome(url: string): Promise<Outcome> {
  const client = new Client(url);
  const ids = (await all<{ readonly id: string }>(client, `/v1/instances?limit=${PAGE}`)).map(({ id }) => id);
  const instances: FoundInstance[] = [];
  const pending = [...new Set(ids)];
  const read = async (): Promise<void> => {
    for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
      instances.push({ ...(await client.instance(id)), history: await client.history(id) });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, read));
  const ledger = await all<LedgerItem>(client, `/v1/events?limit=${PAGE}`);
  const waits = await all<object>(client, `/v1/waits?limit=${PAGE}`);
  const letters = await all<Letter>(client, `/v1/dead-letters?limit=${PAGE}`);
  const { status, text, body } = await client.send("GET", "/v1/audit");
  if (status !== 200) throw new Error(`GET /v1/audit: expected 200, found ${status} ${text}`);
  return { instances, ledger, waits, letters, audit: body as Audit };
}

/** How many instances are active, as lists have it. */
export async function activeCount(url: string): Promise<number> {
  return (await all(new Client(url), `/v1/instances?status=active&limit=${PAGE}`)).length;
}

/** All items of a list, page by page. */
async function all<Item>(client: Client, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const page = next === undefined ? path : `${path}&cursor=${encodeURIComponent(next)}`;
    const { status, text, body } = await client.send("GET", page);
    if (status !== 200) throw new Error(`GET ${page}: expected 200, found ${status} ${text}`);
    const found = body as { readonly items: readonly Item[]; readonly next?: string };
    items.push(...found.items);
    next = found.next;
  } while (next !== undefined);
  return items;
}
