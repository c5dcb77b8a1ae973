import type { Node, Place } from "./node.ts";
import { quote } from "./node.ts";
import { parseFile } from "./parse.ts";
import { NOT_YET, type Problems } from "./problems.ts";

/** Folders in which SonataFlow projects keep what workflows refer to by its bare name. */
const USUAL_FOLDERS = ["", "specs/", "schema/", "schemas/"];

/** The files that a workflow may refer to. Each is parsed once; which were opened is remembered. */
export class Sources {
  readonly #files: ReadonlyMap<string, string>;
  readonly #workflow: string;
  readonly #problems: Problems;
  readonly #documents = new Map<string, Node | undefined>();

  /** `workflow` is the path of the workflow's own file, which references are relative to. */
  constructor(files: ReadonlyMap<string, string>, workflow: string, problems: Problems) {
    this.#files = files;
    this.#workflow = workflow;
    this.#problems = problems;
  }

  /** Paths of the files that were opened. */
  opened(): readonly string[] {
    return [...this.#documents.keys()];
  }

  /** The workflow's own document. */
  workflow(): Node | undefined {
    const text = this.#files.get(this.#workflow);
    if (text !== undefined) return this.#document(this.#workflow);
    const place = { file: this.#workflow, line: 1, column: 1, pointer: "" };
    this.#problems.report(place, "the workflow's file in its bundle", "nothing");
    return undefined;
  }

  /** The document that a reference names, without a fragment; `place` is where the reference stands. */
  open(reference: string, place: Place): Node | undefined {
    if (/^https?:/i.test(reference)) {
      this.#problems.report(place, "a file of the resources folder", `${quote(reference)} on the web${NOT_YET}`);
      return undefined;
    }
    const candidates = this.#candidates(reference, place.file);
    const path = candidates.find((candidate) => this.#files.has(candidate));
    if (path !== undefined) return this.#document(path);
    const tried = candidates.map((candidate) => quote(candidate)).join(", ");
    this.#problems.report(place, `a file of the resources folder (looked for ${tried})`, quote(reference));
    return undefined;
  }

  /** The document at a path, which was opened before. */
  at(path: string): Node | undefined {
    return this.#documents.get(path);
  }

  #document(path: string): Node | undefined {
    if (!this.#documents.has(path)) {
      this.#documents.set(path, parseFile(path, this.#files.get(path) ?? "", this.#problems));
    }
    return this.#documents.get(path);
  }

  /** Beside the file that refers, beside the workflow, from the root, in the usual folders. */
  #candidates(reference: string, from: string): readonly string[] {
    const path = reference.replace(/^(?:classpath|file):\/*/i, "").replace(/^.*\bsrc\/main\/resources\//, "");
    const folders = [folderOf(from), folderOf(this.#workflow), ...USUAL_FOLDERS];
    const paths = folders.map((folder) => normalize(folder + path)).filter((candidate) => candidate !== undefined);
    return [...new Set(paths)];
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** A path without `.` and `..`; undefined if it leaves the folder. */
function normalize(path: string): string | undefined {
  const steps: string[] = [];
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join("/");
}
