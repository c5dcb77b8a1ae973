import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "..", "..");
/** The last commit before logs were truncated: what is alive is not copied forward there. */
export const EARLIER = "9825057a71c9bca68de6eec8cca1ac534d9e9bde";

const run = promisify(execFile);

/** Whether the history of this clone has the earlier release. A shallow clone has not. */
export async function hasEarlier(): Promise<boolean> {
  return await run("git", ["cat-file", "-e", `${EARLIER}^{commit}`], { cwd: ROOT }).then(
    () => true,
    () => false,
  );
}

/** A checkout of the earlier release, until disposal. It runs with the dependencies of this one. */
export async function checkOutEarlier(): Promise<AsyncDisposable & { readonly root: string }> {
  const root = await mkdtemp(join(tmpdir(), "antiphon-earlier-"));
  const archive = join(root, "archive.tar");
  await run("git", ["archive", "--output", archive, EARLIER], { cwd: ROOT });
  await run("tar", ["-xf", archive, "-C", root]);
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  const { stdout } = await run("git", ["ls-tree", "-r", "--name-only", EARLIER], { cwd: ROOT });
  const packages = stdout.split("\n").filter((path) => path.endsWith("/package.json"));
  for (const folder of packages.map((path) => join(dirname(path), "node_modules"))) {
    // Links among them are relative, and so lead to the earlier packages.
    if (!existsSync(join(ROOT, folder)) || !existsSync(join(root, dirname(folder)))) continue;
    await cp(join(ROOT, folder), join(root, folder), { recursive: true, verbatimSymlinks: true });
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
