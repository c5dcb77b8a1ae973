import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

/** A package depends on packages of earlier lines only; those of one line do not know each other. */
const LEVELS = [
  ["protocol", "log", "store"],
  ["expressions", "log-kafka", "store-redis"],
  ["definition", "processor", "client"],
  ["engine", "correlation", "host", "cli"],
  ["views"],
  ["gateway", "orchestrator", "dispatcher", "correlator", "projector", "console"],
  ["standalone"],
];

/** Nothing of the machine exists for these: no clock, no file, no socket. Their tests and `testing/node` may use Node. */
const PURE = ["protocol", "expressions", "definition", "engine", "correlation"];

/** What only adapters may name. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ["log-kafka"],
  ioredis: ["store-redis"],
  "node:sqlite": ["log", "store"],
};

const ROOT = join(import.meta.dirname, "..");
const levelOf = new Map(LEVELS.flatMap((names, level) => names.map((name) => [name, level] as const)));
const packages = globSync(["packages/*/package.json", "services/*/package.json"], { cwd: ROOT }).map(readPackage);
const imports = packages.flatMap((each) => each.sources.flatMap((file) => importsOf(each, file)));

test("every package stands in exactly one level and is named after its folder", () => {
  assert.deepEqual(
    packages.map(({ name }) => name).filter((name) => !levelOf.has(name)),
    [],
  );
  assert.equal(levelOf.size, LEVELS.flat().length);
  assert.deepEqual(
    packages.filter(({ name, fullName }) => fullName !== `@antiphon/${name}`),
    [],
  );
});

test("a package imports packages of earlier levels only", () => {
  const wrong = imports.filter(({ from, target }) => isOurs(target) && !isEarlier(target, from));
  assert.deepEqual(wrong.map(describe), []);
});

test("a package.json names packages of earlier levels only", () => {
  const named = packages.flatMap(({ name, dependencies }) => dependencies.map((target) => ({ from: name, target })));
  const wrong = named.filter(({ from, target }) => isOurs(target) && !isEarlier(target, from));
  assert.deepEqual(wrong, []);
});

test("no relative import leaves its package", () => {
  const wrong = imports.filter(({ folder, file, target }) => {
    return target.startsWith(".") && relative(folder, join(dirname(file), target)).startsWith("..");
  });
  assert.deepEqual(wrong.map(describe), []);
});

test("Kafka, Redis and SQLite are named in their adapters only", () => {
  const wrong = imports.filter(({ from, target }) => RESERVED[target]?.includes(from) === false);
  assert.deepEqual(wrong.map(describe), []);
});

test("a pure package imports nothing of Node", () => {
  const wrong = imports.filter(({ from, file, target }) => {
    return PURE.includes(from) && target.startsWith("node:") && !/\.test\.ts$|\/testing\/node\//.test(file);
  });
  assert.deepEqual(wrong.map(describe), []);
});

test("every decision record has a number of its own, which its title has too", () => {
  const records = globSync("docs/decisions/*.md", { cwd: ROOT }).sort();
  const numbers = records.map((file) => Number(/(\d{4})-[^/\\]+$/.exec(file)?.[1]));
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i + 1),
  );
  const titles = records.map((file) => Number(/^# (\d+)\. /.exec(readFileSync(join(ROOT, file), "utf8"))?.[1]));
  assert.deepEqual(titles, numbers);
});

interface Package {
  readonly name: string;
  readonly fullName: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly sources: readonly string[];
}

interface Import {
  readonly from: string;
  readonly folder: string;
  readonly file: string;
  readonly target: string;
}

function readPackage(manifest: string): Package {
  const folder = dirname(manifest);
  const { name, dependencies, devDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(ROOT, manifest), "utf8"),
  );
  return {
    name: folder.replace(/^.*[\\/]/, ""),
    fullName: name,
    folder,
    dependencies: Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }),
    sources: globSync(`${folder}/**/*.{ts,js,mjs}`, {
      cwd: ROOT,
      exclude: (path) => /node_modules|fixtures/.test(path),
    }),
  };
}

/** Static, dynamic and re-exporting imports, of values and of types. Comments do not count. */
function importsOf({ name, folder }: Package, file: string): Import[] {
  const code = readFileSync(join(ROOT, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g);
  return Array.from(found, ([, target = ""]) => ({ from: name, folder, file, target }));
}

function isOurs(target: string): boolean {
  return target.startsWith("@antiphon/");
}

function isEarlier(target: string, from: string): boolean {
  const name = target.split("/")[1] ?? "";
  return name === from || (levelOf.get(name) ?? Infinity) < (levelOf.get(from) ?? -1);
}

function describe({ file, target }: Import): string {
  return `${file} imports ${target}`;
}
