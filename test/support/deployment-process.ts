import type { LogLine, ServiceProcess } from "./service-process.ts";
import { waitUntil } from "./wait-until.ts";

/** Signs callback URLs: the same in all processes. */
export const CALLBACK_SECRET = "a secret that is long enough for tests";

/** How many lines of a process are shown when a test fails. */
const LINES_SHOWN = 20;
const WARNING = 40;

/** Waits until whatever is probed at a URL says that it is ready. */
export async function ready(service: ServiceProcess, url: string): Promise<void> {
  const ended = service.ended.then(() => "ended" as const);
  const up = waitUntil(`${service.name} to be ready`, async () => {
    const response = await fetch(`${url}/q/health/ready`);
    if (response.ok) return "up" as const;
    throw new Error(await response.text());
  });
  if ((await Promise.race([up, ended])) === "ended") throw new Error(`${service.name} has ended:\n${service.output}`);
}

/** The status of its answer when it is asked whether it is ready. */
export async function probedAt(url: string): Promise<number> {
  const response = await fetch(`${url}/q/health/ready`);
  await response.text();
  return response.status;
}

/** What a process tells Prometheus. */
export async function metricsAt(url: string): Promise<string> {
  const response = await fetch(`${url}/q/metrics`);
  if (response.ok) return await response.text();
  throw new Error(`${url}/q/metrics: expected 200, found ${response.status} ${await response.text()}`);
}

/** What a process has said of late that may tell why a test failed. */
export function tail(service: ServiceProcess): string {
  const lines = service.lines();
  const shown = lines.filter(({ level }, i) => level >= WARNING || i >= lines.length - LINES_SHOWN);
  const other = service.output.split("\n").filter((line) => line !== "" && !line.startsWith('{"level"'));
  return [
    `--- ${service.name}, ${service.state}`,
    ...shown.slice(-LINES_SHOWN).map(describe),
    ...other.slice(-LINES_SHOWN),
  ].join("\n");
}

function describe({ level, time, msg, ...details }: LogLine): string {
  return `${time} ${level} ${msg} ${JSON.stringify(details)}`;
}
