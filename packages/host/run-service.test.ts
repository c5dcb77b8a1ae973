import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { SAME_ORDER_MS } from "./run-service.ts";

const SERVICE = join(import.meta.dirname, "fixtures", "sample-service.ts");

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly service: string;
  readonly port?: number;
  readonly partitions?: number;
  readonly err?: { readonly message: string };
}

class Sample implements AsyncDisposable {
  readonly lines: Line[] = [];
  stderr = "";
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #wake = new EventTarget();

  /** In a process group of its own. */
  constructor(env: Record<string, string>, args: readonly string[] = [SERVICE]) {
    const options = { env: { PATH: process.env.PATH ?? "", ...env }, detached: true };
    this.#process = spawn(process.execPath, args, options);
    this.#exited = once(this.#process, "close");
    this.#process.stderr?.on("data", (bytes: Buffer) => {
      this.stderr += bytes.toString();
    });
    if (this.#process.stdout === null) throw new Error("expected a process with an output");
    createInterface(this.#process.stdout).on("line", (text) => {
      this.lines.push(JSON.parse(text) as Line);
      this.#wake.dispatchEvent(new Event("line"));
    });
  }

  async said(message: string): Promise<Line> {
    for (;;) {
      const line = this.lines.find(({ msg }) => msg.startsWith(message));
      if (line) return line;
      await once(this.#wake, "line");
    }
  }

  tell(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  tellGroup(signal: NodeJS.Signals): void {
    process.kill(-(this.#process.pid ?? assert.fail("expected a process that runs")), signal);
  }

  async exitCode(): Promise<number | null> {
    await this.#exited;
    return this.#process.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.tellGroup("SIGKILL");
    await this.#exited;
  }
}

test("a service that is told to stop disposes of what it holds and exits with 0", async () => {
  await using sample = new Sample({});
  await sample.said("started");
  sample.tell("SIGTERM");
  assert.equal(await sample.exitCode(), 0);
  assert.deepEqual(
    sample.lines.map(({ service, msg }) => [service, msg]),
    [
      ["sample", "sample part is not ready"],
      ["sample", "started"],
      ["sample", "stopping"],
      ["sample", "disposed"],
      ["sample", "stopped"],
    ],
  );
});

test("all wrong settings are named at once, and the service does not start", async () => {
  await using sample = new Sample({
    SAMPLE_PORT: "high",
    ANTIPHON_LOG_LEVEL: "loud",
    ANTIPHON_REDIS_URL: "http://me:pw@x",
  });
  assert.equal(await sample.exitCode(), 1);
  assert.equal(
    sample.stderr,
    [
      "The settings cannot be used.",
      "ANTIPHON_REDIS_URL: expected a redis:// or rediss:// URL, found a value that is not shown",
      'ANTIPHON_LOG_LEVEL: expected fatal, error, warn, info, debug, trace or silent, found "loud"',
      'SAMPLE_PORT: expected a port from 0 to 65535, found "high"',
      "",
    ].join("\n"),
  );
  assert.deepEqual(sample.lines, []);
});

test("a variable that nothing reads is named with the one that was perhaps meant, and those of other processes are not", async () => {
  await using sample = new Sample({
    ANTIPHON_PORTT: "1",
    ANTIPHON_NO_SUCH_THING_AT_ALL: "1",
    ANTIPHON_SINK: "http://x",
  });
  await sample.said("started");
  assert.deepEqual(
    sample.lines.slice(0, 2).map(({ level, msg }) => [level, msg]),
    [
      [40, "ANTIPHON_PORTT is no setting: nothing reads it; did you mean ANTIPHON_PORT?"],
      [40, "ANTIPHON_NO_SUCH_THING_AT_ALL is no setting: nothing reads it"],
    ],
  );
});

test("an unknown value of a setting that only definitions read stops the start, too", async () => {
  await using sample = new Sample({ ANTIPHON_COMPATIBILITY: "yes", ANTIPHON_EVENTS_BROADCAST: "sometimes" });
  assert.equal(await sample.exitCode(), 1);
  assert.deepEqual(sample.stderr.trim().split("\n").slice(1), [
    'ANTIPHON_COMPATIBILITY: expected sonataflow, or nothing, found "yes"',
    'ANTIPHON_EVENTS_BROADCAST: expected true or false, found "sometimes"',
  ]);
});

for (const [what, below, which] of [
  ["is a file", "", "is a file"],
  ["lies below a file", "/data", "lies below a file"],
] as const) {
  test(`a data folder that ${what} is named with its setting`, async () => {
    const file = `${SERVICE}${below}`;
    await using sample = new Sample({ SAMPLE: "opens ports", ANTIPHON_DATA: file });
    assert.equal(await sample.exitCode(), 1);
    const found = `found ${JSON.stringify(file)}, which ${which}`;
    assert.equal(sample.lines.at(-1)?.msg, `ANTIPHON_DATA: expected a folder that can be written, ${found}`);
  });
}

test("an error at the start is logged, and the exit code is 1", async () => {
  await using sample = new Sample({ SAMPLE: "throws" });
  assert.equal(await sample.exitCode(), 1);
  assert.deepEqual(
    sample.lines.map(({ level, msg, err }) => [level, msg, err?.message]),
    [[60, "the service cannot go on: no such thing", "no such thing"]],
  );
});

test("an error that nobody caught is logged, and the exit code is 1", async () => {
  await using sample = new Sample({ SAMPLE: "fails later" });
  assert.equal(await sample.exitCode(), 1);
  const last = sample.lines.at(-1);
  assert.deepEqual(
    [last?.level, last?.msg, last?.err?.message],
    [60, "an error was not caught: nobody caught this", "nobody caught this"],
  );
});

test("a service that cannot go on ends with exit code 1", async () => {
  await using sample = new Sample({ SAMPLE: "stops by itself" });
  assert.equal(await sample.exitCode(), 1);
  const last = sample.lines.at(-1);
  assert.deepEqual(
    [last?.msg, last?.err?.message],
    ["the service cannot go on: the group is gone", "the group is gone"],
  );
});

test("a service that is told to stop while it starts exits with 0", async () => {
  await using sample = new Sample({ SAMPLE: "never starts" });
  await sample.said("waiting");
  sample.tell("SIGINT");
  assert.equal(await sample.exitCode(), 0);
});

test("a second signal ends a service that does not stop, and says so", async () => {
  await using sample = new Sample({ SAMPLE: "never stops" });
  await sample.said("started");
  sample.tell("SIGTERM");
  await sample.said("stopping");
  await new Promise((resolve) => setTimeout(resolve, SAME_ORDER_MS));
  sample.tell("SIGTERM");
  assert.equal(await sample.exitCode(), 1);
  assert.match(sample.lines.at(-1)?.msg ?? "", /^told to stop a second time/);
});

test("a signal to a whole process group, which reaches a service several times, is one order to stop", async () => {
  const wrapped = [join(import.meta.dirname, "fixtures", "wrapped.mjs"), SERVICE];
  await using sample = new Sample({ SAMPLE: "stops slowly" }, wrapped);
  await sample.said("started");
  sample.tellGroup("SIGTERM");
  await sample.said("stopping");
  sample.tellGroup("SIGTERM");
  assert.equal(await sample.exitCode(), 0);
  assert.deepEqual(
    sample.lines.map(({ msg }) => msg),
    ["started", "stopping", "disposed", "stopped"],
  );
});

test("probes say why a service is not ready, and metrics are served", async () => {
  await using sample = new Sample({ ANTIPHON_HEALTH_PORT: "0" });
  const { port } = await sample.said("health on port");
  await sample.said("started");
  const ready = await fetch(`http://127.0.0.1:${port}/q/health/ready`);
  assert.deepEqual(
    [ready.status, await ready.json()],
    [
      503,
      {
        status: "DOWN",
        checks: [
          { name: "sample", status: "UP" },
          { name: "sample part", status: "DOWN", data: { reason: "not yet" } },
        ],
      },
    ],
  );
  const live = await fetch(`http://127.0.0.1:${port}/q/health/live`);
  assert.deepEqual([live.status, await live.json()], [200, { status: "UP", checks: [] }]);
  const metrics = await fetch(`http://127.0.0.1:${port}/q/metrics`);
  assert.match(await metrics.text(), /^process_cpu_seconds_total /m);
});

test("the embedded log and store are opened in the data folder, and can be opened again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-host-"));
  try {
    for (const _round of [1, 2]) {
      await using sample = new Sample({ SAMPLE: "opens ports", ANTIPHON_DATA: folder, ANTIPHON_HEALTH_PORT: "0" });
      assert.equal((await sample.said("started")).partitions, 4);
      const { port } = await sample.said("health on port");
      const ready = await fetch(`http://127.0.0.1:${port}/q/health/ready`);
      assert.deepEqual(await ready.json(), {
        status: "UP",
        checks: [
          { name: "log", status: "UP" },
          { name: "sample", status: "UP" },
          { name: "store", status: "UP" },
        ],
      });
      sample.tell("SIGTERM");
      assert.equal(await sample.exitCode(), 0);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
