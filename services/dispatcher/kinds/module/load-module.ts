import { stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { FunctionDefinition } from "@antiphon/definition";

export type ModuleFunctionDefinition = Extract<FunctionDefinition, { readonly kind: "module" }>;

/** A function cannot be run: its module is not there, does not load, or exports no such function. */
export class ModuleLoadError extends Error {
  override readonly name = "ModuleLoadError";
}

type Loaded = (args: unknown, context: unknown) => unknown;

/**
 * The function of a definition, from the folder of resources of this machine: code that came with a definition is never
 * run. A file that has changed is loaded anew. Throws `ModuleLoadError`.
 */
export async function loadModule(folder: string | undefined, called: ModuleFunctionDefinition): Promise<Loaded> {
  const { name, module, exported } = called;
  const what = `function "${name}"`;
  if (folder === undefined) {
    throw new ModuleLoadError(
      `${what}: expected ANTIPHON_WORKFLOWS to name the folder that has ${module}, found it not set`,
    );
  }
  const root = resolve(folder);
  const file = resolve(root, module);
  if (!file.startsWith(root + sep)) {
    throw new ModuleLoadError(`${what}: expected a module in ${root}, found ${module}, which leads out of it`);
  }
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) {
    throw new ModuleLoadError(
      `${what}: expected its module at ${file}, in this machine's folder of resources (ANTIPHON_WORKFLOWS), found none; ` +
        "the code that was deployed with the workflow is not run",
    );
  }
  const exports = await importAt(`${pathToFileURL(file).href}?changed=${found.mtimeMs}`, `${what}: ${file}`);
  const loaded = exports[exported];
  if (typeof loaded !== "function") {
    const exportedNames = Object.keys(exports).join(", ") || "nothing";
    throw new ModuleLoadError(`${what}: expected ${file} to export a function "${exported}", found: ${exportedNames}`);
  }
  return loaded as Loaded;
}

async function importAt(url: string, what: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(url);
  } catch (error) {
    throw new ModuleLoadError(`${what} cannot be loaded: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
