import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { type Case, EXCHANGE_MEMBERS, type Exchange, type Script, STEP_MEMBERS } from "./script.ts";

const SCRIPT = /\.test\.(?:json|ya?ml)$/;
/** Hidden ones are none. */
const DEFINITION = /(?:^|\/)[^./][^/]*\.sw\.(?:json|ya?ml)$/;
const ENDING = /\.sw\.(?:json|ya?ml)$/;

/**
 * The scripts of a folder of definitions, beside which they stand or, if `beside` is given, at the same places of that
 * folder. Throws if one is malformed, or if a definition has none.
 */
export async function readScripts(folder: string, beside = folder): Promise<readonly Script[]> {
  const scriptPaths = (await readdir(beside, { recursive: true })).toSorted();
  const paths = (await readdir(folder, { recursive: true })).toSorted();
  const scripts: Script[] = [];
  const run = new Set<string>();
  for (const path of scriptPaths.filter((one) => SCRIPT.test(one))) {
    const written = parse(await readFile(join(beside, path), "utf8"));
    const { with: others = [], always = [], cases, ...unknown } = Array.isArray(written) ? { cases: written } : written;
    refuseUnknown(path, unknown, []);
    const name = basename(path).replace(SCRIPT, "");
    if (scripts.some((one) => one.name === name)) throw new Error(`${path}: expected a name that no other script has`);
    const own = paths.filter((one) => DEFINITION.test(one) && dirname(one) === dirname(path));
    const definitions = [name, ...others].map((stem: string) => {
      const found = own.find((one) => basename(one).replace(ENDING, "") === stem);
      if (found === undefined) throw new Error(`${path}: expected a definition ${stem}.sw.json or .yaml beside it`);
      return found;
    });
    for (const definition of definitions) run.add(definition);
    const workflows = await Promise.all(definitions.map((definition) => idOf(join(folder, definition))));
    const base = dirname(path) === "." ? "" : `${dirname(path)}/`;
    for (const exchange of always) checkExchange(path, exchange);
    for (const one of cases) checkCase(path, one);
    scripts.push({ name, folder: base, workflows, always, cases });
  }
  const alone = paths.filter((path) => DEFINITION.test(path) && !run.has(path));
  if (alone.length > 0) throw new Error(`expected a script that runs ${alone.join(", ")}`);
  return scripts;
}

async function idOf(path: string): Promise<string> {
  const { id, key } = parse(await readFile(path, "utf8"));
  return String(id ?? key);
}

function checkCase(path: string, { case: title, services = [], steps, ...unknown }: Case): void {
  refuseUnknown(path, unknown, []);
  if (typeof title !== "string" || !Array.isArray(steps)) throw new Error(`${path}: expected a case with its steps`);
  for (const exchange of services) checkExchange(path, exchange);
  for (const step of steps) {
    const [kind = ""] = Object.keys(step);
    const others = STEP_MEMBERS[kind];
    if (others === undefined)
      throw new Error(`${path}: expected a step, one of ${Object.keys(STEP_MEMBERS)}, found ${kind}`);
    refuseUnknown(path, step, [kind, ...others]);
  }
}

function checkExchange(path: string, exchange: Exchange): void {
  refuseUnknown(path, exchange, EXCHANGE_MEMBERS);
  if (!/^(?:[A-Z]+ \/|rpc \S+\/)/.test(exchange.asked))
    throw new Error(`${path}: expected "METHOD /path", found ${exchange.asked}`);
}

function refuseUnknown(path: string, found: object, known: readonly string[]): void {
  const unknown = Object.keys(found).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`${path}: expected ${known.join(", ") || "nothing else"}, found ${unknown.join(", ")}`);
}
