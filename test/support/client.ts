import { waitUntil } from "./wait-until.ts";

/** An HTTP answer, as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined if it is none. */
  readonly body: unknown;
}

/** What `/v1/instances/{id}` says. */
export interface ShownInstance {
  readonly id: string;
  readonly workflow: string;
  readonly status: "active" | "completed" | "faulted" | "aborted";
  readonly data: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** What became of an event, as its sender is told. */
export interface Fate {
  readonly source: string;
  readonly id: string;
  readonly disposition: string;
  readonly instance?: string;
  readonly reason?: string;
}

/** A fact in an instance's history. */
export interface ShownEvent {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A user's side of the gateway. */
export class Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Any request; a body that is no text is sent as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: text }),
    });
    return answerOf(response);
  }

  /** Starts an instance; gives its id. */
  async start(workflow: string, data: unknown): Promise<string> {
    const { status, text, body } = await this.send("POST", `/${workflow}`, data);
    if (status !== 201) throw new Error(`POST /${workflow}: expected 201, found ${status} ${text}`);
    return (body as { id: string }).id;
  }

  /** Sends a CloudEvent to the gateway's root; gives what became of it. */
  async event(event: object): Promise<Fate> {
    const headers = { "content-type": "application/cloudevents+json" };
    const { status, text, body } = await this.send("POST", "/", { specversion: "1.0", ...event }, headers);
    if (status !== 202) throw new Error(`POST /: expected 202, found ${status} ${text}`);
    return body as Fate;
  }

  /** An instance, whether it has ended or not. */
  async instance(id: string): Promise<ShownInstance> {
    return (await this.#get(`/v1/instances/${id}`)) as ShownInstance;
  }

  /** An instance once it has ended. */
  ended(id: string, limitMs?: number): Promise<ShownInstance> {
    return waitUntil(
      `the end of instance ${id}`,
      async () => {
        const instance = await this.instance(id);
        return instance.status === "active" ? undefined : instance;
      },
      limitMs,
    );
  }

  /** An instance once it waits for an event. */
  waiting(id: string): Promise<readonly unknown[]> {
    return waitUntil(`a wait of instance ${id}`, async () => {
      const { waits = [] } = (await this.#get(`/v1/instances/${id}`)) as { waits?: readonly unknown[] };
      return waits.length > 0 ? waits : undefined;
    });
  }

  /** Everything that happened to an instance, the oldest in front. */
  async history(id: string): Promise<readonly ShownEvent[]> {
    const pages: { events: readonly ShownEvent[] }[] = [];
    let path: string | undefined = `/v1/instances/${id}/history`;
    while (path !== undefined) {
      const page = (await this.#get(path)) as { items: { events: readonly ShownEvent[] }[]; next?: string };
      pages.push(...page.items);
      path =
        page.next === undefined ? undefined : `/v1/instances/${id}/history?cursor=${encodeURIComponent(page.next)}`;
    }
    return pages.toReversed().flatMap(({ events }) => events);
  }

  /** What the ledger says of an event, once it says so. */
  disposition(source: string, id: string, expected: string): Promise<string> {
    const path = `/v1/events/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;
    return waitUntil(`event ${id} to be ${expected}`, async () => {
      const { disposition } = (await this.#get(path)) as Fate;
      if (disposition === expected) return disposition;
      throw new Error(`it is ${disposition}`);
    });
  }

  async #get(path: string): Promise<unknown> {
    const { status, text, body } = await this.send("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: expected 200, found ${status} ${text}`);
    return body;
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, text, body: jsonIn(text) };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
