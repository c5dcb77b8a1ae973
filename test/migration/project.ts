import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CALLBACK_SECRET, ready } from "../support/deployment-process.ts";
import { ServiceProcess } from "../support/service-process.ts";

/** What a user of SonataFlow has in a project: definitions, documents, schemas and properties. */
export function resourcesOf(project: string): string {
  return join(import.meta.dirname, project, "src", "main", "resources");
}

/** A project that runs. */
export interface RunningProject extends AsyncDisposable {
  readonly url: string;
  readonly service: ServiceProcess;
}

/** Starts a project as its user would, `npm start -- src/main/resources`, with a data folder and a port of its own. */
export async function startProject(
  project: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProject> {
  await using stack = new AsyncDisposableStack();
  const data = await mkdtemp(join(tmpdir(), "antiphon-migration-"));
  stack.defer(() => rm(data, { recursive: true, force: true }));
  const settings = { ANTIPHON_DATA: data, ANTIPHON_PORT: "0", ANTIPHON_CALLBACK_SECRET: CALLBACK_SECRET };
  const service = new ServiceProcess("standalone", { ...settings, ...env }, [resourcesOf(project)]);
  stack.defer(async () => void (await service.end("SIGTERM")));
  const { url } = await service.logged("listening on");
  await ready(service, `${url}`);
  const running = stack.move();
  return { url: `${url}`, service, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
