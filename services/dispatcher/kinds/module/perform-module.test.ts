import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "@antiphon/processor/testing";
import { type ActionOutcome, exactNumber, formatJson, type Json } from "@antiphon/protocol";
import { definitionOf, requested, silent } from "../../testing/world.ts";
import type { ModuleFunctionDefinition } from "./load-module.ts";
import { performModule } from "./perform-module.ts";

/** A folder of resources with these files. */
async function folderWith(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "antiphon-functions-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

interface Given {
  readonly module?: string;
  readonly exported?: string;
  readonly args?: Json;
  readonly attempt?: number;
  readonly clock?: FakeClock;
  readonly signal?: AbortSignal;
  readonly closed?: AbortSignal;
  readonly logger?: typeof silent;
}

function perform(folder: string | undefined, given: Given = {}): Promise<ActionOutcome> {
  const { module = "functions/f.ts", exported = "default", args = {}, attempt } = given;
  const { clock = new FakeClock(0), logger = silent } = given;
  const { signal = new AbortController().signal, closed = new AbortController().signal } = given;
  const called: ModuleFunctionDefinition = { kind: "module", name: "f", module, exported, metadata: {} };
  const asked = {
    definition: definitionOf({ f: called }),
    called,
    instance: "i-1",
    requested: { ...requested("1.ask", "f", args), ...(attempt !== undefined && { attempt }) },
    closed,
  };
  return performModule({ clock, logger, folder, timeoutMs: 60_000 }, asked).perform(signal);
}

/** What comes of a function with this body. */
async function run(body: string, given: Given = {}): Promise<ActionOutcome> {
  await using folder = await folderWith({
    "functions/f.ts": `export default async (args: any, context: any) => { ${body} };`,
  });
  return await perform(folder.path, given);
}

test("a function has the action's arguments, and its result is the action's", async () => {
  const outcome = await run("return { greeting: `Hello ${args.name}`, seen: args };", { args: { name: "Ada" } });
  assert.deepEqual(outcome, { status: "completed", output: { greeting: "Hello Ada", seen: { name: "Ada" } } });
});

test("a function knows on whose behalf it runs, and writes to the log of its dispatcher", async () => {
  const lines: unknown[] = [];
  const logger = { ...silent, info: (details: object, message: string) => lines.push({ ...details, message }) };
  const outcome = await run(
    "const { signal, log, ...rest } = context; log.info('priced', { sku: 1 }); return { ...rest, open: !signal.aborted };",
    { attempt: 3, logger },
  );
  assert.deepEqual(outcome, {
    status: "completed",
    output: {
      instanceId: "i-1",
      workflowId: "orders",
      actionId: "1.ask",
      attempt: 3,
      idempotencyKey: "i-1:1.ask",
      open: true,
    },
  });
  assert.deepEqual(lines, [
    { instance: "i-1", workflow: "orders", action: "1.ask", function: "f", sku: 1, message: "priced" },
  ]);
});

test("whole numbers keep their digits, in and out", async () => {
  const args = { id: exactNumber("9007199254740993"), price: exactNumber("68.0") };
  const outcome = await run("return { id: args.id + 1n, price: args.price * 2 };", { args });
  assert.equal(
    formatJson(outcome as unknown as Json),
    '{"status":"completed","output":{"id":9007199254740994,"price":136}}',
  );
});

test("a function without a result completes its action without one", async () => {
  assert.deepEqual(await run(""), { status: "completed" });
});

test("an export is called by its name, of a module in whatever form Node runs", async () => {
  await using folder = await folderWith({
    "functions/a.mjs": "export const quote = () => 1;",
    "flows/functions/b.ts": "export enum Bad { A }",
    "functions/c.js": "exports.quote = ({ n }) => n + 1;",
  });
  const call = (module: string, exported: string) => perform(folder.path, { module, exported, args: { n: 1 } });
  assert.deepEqual(await call("functions/a.mjs", "quote"), { status: "completed", output: 1 });
  assert.deepEqual(await call("functions/c.js", "quote"), { status: "completed", output: 2 });
  const broken = await call("flows/functions/b.ts", "quote");
  assert.ok(
    broken.status === "failed" && /cannot be loaded: .*enum/s.test(broken.error.message),
    formatJson(broken as never),
  );
  assert.deepEqual(await call("functions/a.mjs", "qoute"), {
    status: "failed",
    error: {
      code: "module",
      message: `function "f": expected ${join(folder.path, "functions/a.mjs")} to export a function "qoute", found: quote`,
      classes: ["java.lang.RuntimeException", "java.lang.Exception"],
    },
  });
});

test("a function that has changed is loaded anew", async () => {
  await using folder = await folderWith({ "functions/f.ts": "export default () => 1;" });
  assert.deepEqual(await perform(folder.path), { status: "completed", output: 1 });
  const file = join(folder.path, "functions/f.ts");
  await writeFile(file, "export default () => 2;");
  await utimes(file, new Date(0), new Date(1_000));
  assert.deepEqual(await perform(folder.path), { status: "completed", output: 2 });
});

test("code that is not in this machine's folder is not run, and the error says where it was looked for", async () => {
  await using folder = await folderWith({ "w.sw.yaml": "" });
  const message = async (path: string | undefined, module?: string) => {
    const outcome = await perform(path, module === undefined ? {} : { module });
    return outcome.status === "failed" ? `${outcome.error.code}: ${outcome.error.message}` : outcome.status;
  };
  assert.equal(
    await message(folder.path),
    `module: function "f": expected its module at ${join(folder.path, "functions/f.ts")}, in this machine's folder of resources (ANTIPHON_WORKFLOWS), found none; the code that was deployed with the workflow is not run`,
  );
  assert.equal(
    await message(undefined),
    'module: function "f": expected ANTIPHON_WORKFLOWS to name the folder that has functions/f.ts, found it not set',
  );
  assert.equal(
    await message(folder.path, "../functions/f.ts"),
    `module: function "f": expected a module in ${folder.path}, found ../functions/f.ts, which leads out of it`,
  );
});

const CATCH_ALL = ["java.lang.RuntimeException", "java.lang.Exception"];

test("what a function throws is an error of the workflow: its code or name, its message, its classes and its causes'", async () => {
  const failed = async (body: string) => {
    const outcome = await run(body);
    return outcome.status === "failed" ? outcome.error : outcome;
  };
  assert.deepEqual(await failed("throw new RangeError('too many')"), {
    code: "RangeError",
    message: "too many",
    classes: ["RangeError", ...CATCH_ALL],
  });
  assert.deepEqual(
    await failed("throw Object.assign(new Error('no stock'), { name: 'com.acme.NoStock', code: 409 })"),
    {
      code: "409",
      message: "no stock",
      classes: ["com.acme.NoStock", "Error", ...CATCH_ALL],
    },
  );
  assert.deepEqual(await failed("throw new Error('outer', { cause: new TypeError('inner') })"), {
    code: "Error",
    message: "outer",
    classes: ["Error", "TypeError", ...CATCH_ALL],
  });
  assert.deepEqual(await failed("throw 'just so'"), { code: "Error", message: "just so", classes: CATCH_ALL });
});

test("a result that is no JSON fails the action, with the place in the result", async () => {
  const found = async (body: string) => {
    const outcome = await run(body);
    return outcome.status === "failed" ? `${outcome.error.code}: ${outcome.error.message}` : outcome;
  };
  const told = (what: string) => `result: function "f": expected a result that is JSON, found ${what}`;
  assert.equal(
    await found("const a: any = { b: [] }; a.b.push(a); return a;"),
    told("an object that contains itself at /b/0"),
  );
  assert.equal(await found("return { a: [1, undefined] };"), told("undefined at /a/1"));
  assert.equal(await found("return { a: 1 / 0 };"), told("Infinity at /a"));
  assert.equal(await found("return new Map([[1, 2]]);"), told("a Map"));
  assert.equal(await found("return () => 1;"), told("a function"));
  assert.deepEqual(await found("const same = [1]; return { a: undefined, b: new Date(0), c: same, d: same };"), {
    status: "completed",
    output: { b: "1970-01-01T00:00:00.000Z", c: [1], d: [1] },
  });
});

test("a function that does not end in time is told so by its signal, and its action fails", async () => {
  await using folder = await folderWith({
    "functions/f.ts": `export default (args: unknown, { signal, log }: any) =>
      new Promise(() => { signal.addEventListener("abort", () => log.info("told")); log.info("begun"); });`,
  });
  const clock = new FakeClock(0);
  const lines: string[] = [];
  const begun = Promise.withResolvers<void>();
  const info = (_: object, line: string): void => {
    lines.push(line);
    begun.resolve();
  };
  const outcome = perform(folder.path, { clock, logger: { ...silent, info } });
  await begun.promise;
  clock.turn(60_000);
  assert.deepEqual(await outcome, {
    status: "failed",
    error: {
      code: "timeout",
      message: 'function "f": expected a result within 60000 ms, found none',
      classes: ["java.util.concurrent.TimeoutException", ...CATCH_ALL],
    },
  });
  assert.deepEqual(lines, ["begun", "told"]);
});

test("a module that does not come to an end of loading fails its action in time", async () => {
  await using folder = await folderWith({ "functions/f.ts": "await new Promise(() => {}); export default () => 1;" });
  const clock = new FakeClock(0);
  const outcome = perform(folder.path, { clock });
  clock.turn(60_000);
  const { status, error } = (await outcome) as { readonly status: string; readonly error?: { readonly code: string } };
  assert.deepEqual([status, error?.code], ["failed", "timeout"]);
});

test("a function whose result nobody waits for any more is broken off", async () => {
  await using folder = await folderWith({ "functions/f.ts": "export default () => new Promise(() => {});" });
  const breaking = new AbortController();
  const outcome = perform(folder.path, { signal: breaking.signal });
  breaking.abort(new Error("enough"));
  await assert.rejects(outcome, { message: "enough" });
});

test("a function is told when nobody waits for its result any more", async () => {
  const closing = new AbortController();
  closing.abort();
  assert.deepEqual(await run("return context.signal.aborted;", { closed: closing.signal }), {
    status: "completed",
    output: true,
  });
});
