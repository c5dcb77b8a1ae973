import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Client } from "../support/client.ts";
import { ServiceProcess } from "../support/service-process.ts";
import { resourcesOf, startProject } from "./project.ts";

describe("projects that SonataFlow does not build do not start", () => {
  test("every mistake is told at once, with its place", async () => {
    const problems = await problemsOf("wrong");
    assert.deepEqual(
      problems.map(({ pointer, expected, found }) => `${pointer}: expected ${expected}, found ${found}`),
      [
        '/functions/2/name: expected a name that no other of the functions has, found "one"',
        '/states/0/actions/0/functionRef: expected the name of a function, found "oen"',
        '/states/0/actions/1/functionRef/arguments: expected arguments with a "message" for sysout, found an object',
        '/states/0/onErrors/0/errorRef: expected the name of an error, found "unheard of"',
        "/states/0/onErrors/1: expected an errorRef or errorRefs, found neither",
        '/states/0/transition: expected the name of a state, found "Nowhere"',
        "/states/1/dataConditions: expected conditions, found none",
        '/states/2/eventRef: expected the name of an event, found "gone"',
        '/states/2/compensatedBy: expected a state that is used for compensation, found "Choose"',
        "/states/3: expected a transition or an end, found neither",
      ],
    );
  });

  test("two workflows with one id are told", async () => {
    const [problem, ...others] = await problemsOf("twice");
    const { file, pointer, expected, found } = problem ?? {};
    assert.deepEqual(
      { file, pointer, expected, found, others },
      {
        file: "two.sw.json",
        pointer: "/id",
        expected: "an id that no other workflow has",
        found: '"twice", which one.sw.json has too',
        others: [],
      },
    );
  });
});

test("hidden files are workflows where the configuration says so", async () => {
  await using project = await startProject("hidden");
  const { status, body } = await new Client(project.url).send("POST", "/draft", {});
  assert.deepEqual([status, (body as { workflowdata: unknown }).workflowdata], [201, {}]);
});

type Problem = Readonly<Record<"file" | "pointer" | "expected" | "found", string>>;

/** What is wrong with a project, as its start says; throws if it runs. */
async function problemsOf(project: string): Promise<readonly Problem[]> {
  const data = await mkdtemp(join(tmpdir(), "antiphon-migration-"));
  const service = new ServiceProcess("standalone", { ANTIPHON_DATA: data, ANTIPHON_PORT: "0" }, [resourcesOf(project)]);
  const runs = service.logged("listening on").then(
    () => service.end("SIGKILL"),
    () => undefined,
  );
  const { code } = await service.ended;
  await Promise.all([runs, rm(data, { recursive: true, force: true })]);
  assert.equal(code, 1, service.output);
  return (service.lines().find(({ problems }) => problems !== undefined)?.["problems"] ?? []) as readonly Problem[];
}
