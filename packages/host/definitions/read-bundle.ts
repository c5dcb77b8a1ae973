import type { Bundle, Definition, Problem, WorkflowReference } from "@antiphon/definition";
import type { Log } from "@antiphon/log";
import type { Environment } from "../read-config.ts";
import { topicsNotToBeHad } from "./deployment-problems.ts";
import { fetchWanted } from "./fetch-wanted.ts";
import type { BundleReading, ReadBundleFiles } from "./read-aside.ts";
import { readFiles } from "./read-files.ts";
import { readableEnvironment } from "./readable-environment.ts";
import { schemaNotes } from "./schema-problems.ts";

/** A bundle that is whole, and its definition; or what is wrong. */
export type BundleRead =
  | {
      readonly bundle: Bundle;
      readonly definition: Definition;
      readonly problems: readonly [];
      /** What is in its documents and has no effect. */
      readonly notes: readonly Problem[];
      /** The workflows that it names, and where. */
      readonly workflows: readonly WorkflowReference[];
    }
  | { readonly bundle?: undefined; readonly definition?: undefined; readonly problems: readonly Problem[] };

/** A bundle that is whole. */
export type WholeBundle = Extract<BundleRead, { readonly bundle: Bundle }>;

/**
 * Reads the workflow of a bundle, by `readWith` or here and at once, after fetching the documents on the web that it refers to. They become files of the
 * bundle under their URLs, so that its hash pins them.
 */
export async function readBundle(
  log: Pick<Log, "topicNameProblem">,
  given: Bundle,
  env: Environment = process.env,
  readWith: ReadBundleFiles = async (...files) => readFiles(...files),
): Promise<BundleRead> {
  const present = readableEnvironment(env);
  let bundle = given;
  let read: BundleReading | undefined;
  const { problems: missing } = await fetchWanted(async (texts) => {
    bundle = { ...given, files: { ...given.files, ...Object.fromEntries(texts) } };
    read = await readWith(bundle, present);
    return read.wanted;
  });
  if (read === undefined) throw new Error("a bundle: expected to be read before it is known what it wants");
  const { definition, problems } = read;
  if (definition === undefined) return { problems: [...missing, ...withoutThose(problems, missing)] };
  const wrong = [...read.schemaProblems, ...topicsNotToBeHad(bundle, definition, present, log)];
  if (wrong.length > 0) return { problems: wrong };
  return {
    bundle,
    definition,
    problems: [],
    notes: [...read.notes, ...schemaNotes(bundle, definition)],
    workflows: read.workflows,
  };
}

/** Problems without those in places of which it is known already that a document is missing. */
export function withoutThose(problems: readonly Problem[], missing: readonly Problem[]): readonly Problem[] {
  const places = new Set(missing.map(placeOf));
  return problems.filter((problem) => !places.has(placeOf(problem)));
}

function placeOf({ file, pointer }: Problem): string {
  return `${file}#${pointer}`;
}
