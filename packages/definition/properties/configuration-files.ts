/** A file of a resources folder that has configuration: its name within the folder, its profile, and its kind. */
const NAME = /^(?:(META-INF\/microprofile-config)|application(?:-([^/]+))?)\.(properties|ya?ml)$/;

/** A file with configuration. The one with the higher rank wins, and in its rank one for a profile. */
export interface ConfigurationFile {
  readonly path: string;
  /** Its path within the folder that it configures, `application.properties`. */
  readonly name: string;
  readonly profile: string | undefined;
  readonly rank: number;
}

/**
 * The files that have the configuration of a workflow: of all profiles, in the folder nearest to it, its own or one around
 * that, so that a folder may hold several projects. In the order in which one overrides another.
 */
export function configurationFiles(workflow: string, paths: Iterable<string>): readonly ConfigurationFile[] {
  const candidates = [...paths].filter((path) => /application|microprofile-config/.test(path));
  for (const folder of foldersAround(workflow)) {
    const files = candidates.flatMap((path) =>
      path.startsWith(folder) ? fileAt(path, path.slice(folder.length)) : [],
    );
    if (files.length > 0) return files.toSorted(byRank);
  }
  return [];
}

/** Whether a file is configuration for a workflow at this path, or would be if there was none nearer to it. */
export function mayConfigure(workflow: string, path: string): boolean {
  return foldersAround(workflow).some(
    (folder) => path.startsWith(folder) && fileAt(path, path.slice(folder.length)).length > 0,
  );
}

/** The folder of a file and those around it, from the inside out: `a/b/`, `a/`, and the empty text. */
function foldersAround(path: string): readonly string[] {
  const steps = path.split("/").slice(0, -1);
  return [...steps.map((_, i) => `${steps.slice(0, i + 1).join("/")}/`).reverse(), ""];
}

function fileAt(path: string, name: string): readonly ConfigurationFile[] {
  const [whole, isBase, profile, kind] = NAME.exec(name) ?? [];
  if (whole === undefined || (isBase !== undefined && kind !== "properties")) return [];
  // As Quarkus ranks its sources: YAML counts for more than properties do.
  return [{ path, name, profile, rank: isBase !== undefined ? 0 : kind === "properties" ? 1 : 2 }];
}

function byRank(a: ConfigurationFile, b: ConfigurationFile): number {
  return a.rank - b.rank || Number(a.profile !== undefined) - Number(b.profile !== undefined);
}
