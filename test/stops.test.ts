import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TEST_DEFINITIONS } from "./support/deployment.ts";
import { ServiceProcess } from "./support/service-process.ts";

const CLIENTS = 50;
/** How many starts are answered before the server is told to stop. */
const BEFORE = 300;

test("a server that stops under load answers every start that it has taken, and cuts nobody off", async () => {
  const data = await mkdtemp(join(tmpdir(), "antiphon-stops-"));
  const service = new ServiceProcess("standalone", {
    ANTIPHON_DATA: data,
    ANTIPHON_PORT: "0",
    ANTIPHON_WORKFLOWS: TEST_DEFINITIONS,
  });
  try {
    const { url } = await service.logged("listening on");
    const outcomes = new Map<string, number>();
    let answered = 0;
    let ending: Promise<unknown> | undefined;
    const startUntilRefused = async (): Promise<void> => {
      for (;;) {
        const outcome = await start(`${url}`);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome !== "201") return;
        answered += 1;
        if (answered === BEFORE) ending = service.end("SIGTERM");
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, startUntilRefused));
    assert.deepEqual(await ending, { code: 0, signal: null });
    const { 201: taken = 0, ECONNREFUSED: refused = 0, ...others } = Object.fromEntries(outcomes);
    assert.deepEqual({ others, refused, isTaken: taken >= BEFORE }, { others: {}, refused: CLIENTS, isTaken: true });
  } finally {
    await service.end("SIGKILL");
    await rm(data, { recursive: true, force: true });
  }
});

/** What came of a start: the status of its answer, with the title of what is wrong, or why there is none. */
async function start(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/by-topic`, { method: "POST", body: '{"question":1}' });
    const { title } = (await response.json()) as { title?: string };
    return `${response.status}${title === undefined ? "" : ` ${title}`}`;
  } catch (error) {
    return String(((error as Error).cause as { code?: string } | undefined)?.code ?? error);
  }
}
