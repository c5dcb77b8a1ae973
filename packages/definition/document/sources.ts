import type { Node, Place } from "./node.ts";
import { quote } from "./node.ts";
import { parseFile } from "./parse.ts";
import type { Problems } from "./problems.ts";

/** Folders in which SonataFlow projects keep what workflows refer to by its bare name. */
const USUAL_FOLDERS = ["", "specs/", "schema/", "schemas/"];

/** A file that is read by others than us. */
export interface FileText {
  readonly path: string;
  readonly text: string;
}

/** A document on the web that is referred to and that nobody has fetched yet. */
export interface Wanted {
  readonly url: string;
  /** Where its URL stands. */
  readonly place: Place;
  /** Where it is referred to: there too, unless by an alias. */
  readonly referrer: Place;
}

/** What a name stands for that is used instead of a document's own. */
export interface Alias {
  readonly document: string;
  readonly place: Place;
}

/**
 * The files that a workflow may refer to. Each is parsed once; which were opened is remembered. A document on the web is
 * a file whose path is its URL.
 */
export class Sources {
  readonly #files: ReadonlyMap<string, string>;
  readonly #workflow: string;
  readonly #problems: Problems;
  readonly #documents = new Map<string, Node | undefined>();
  readonly #texts = new Set<string>();
  readonly #wanted = new Map<string, Wanted>();
  #aliases: ReadonlyMap<string, Alias> = new Map();

  /** `workflow` is the path of the workflow's own file, which references are relative to. */
  constructor(files: ReadonlyMap<string, string>, workflow: string, problems: Problems) {
    this.#files = files;
    this.#workflow = workflow;
    this.#problems = problems;
  }

  /** Lets names stand for references to documents. */
  setAliases(aliases: ReadonlyMap<string, Alias>): void {
    this.#aliases = aliases;
  }

  /** Documents on the web that are referred to, and not among the files. */
  wanted(): readonly Wanted[] {
    return [...this.#wanted.values()];
  }

  /** Paths of the files that were opened. */
  opened(): readonly string[] {
    return [...this.#documents.keys(), ...this.#texts];
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
    const path = this.#find(reference, place);
    return path === undefined ? undefined : this.#document(path);
  }

  /** The same, if there is one among the files: a document that is missing is no problem, and none is fetched. */
  openIfThere(reference: string, place: Place): Node | undefined {
    const { document, place: from } = this.#aliases.get(reference) ?? { document: reference, place };
    const url = urlOf(document, from.file);
    const candidates = url === undefined ? this.#candidates(document, from.file, undefined) : [url];
    const path = candidates.find((candidate) => this.#files.has(candidate));
    return path === undefined ? undefined : this.#document(path);
  }

  /** The file that a reference names and that is no YAML: its path and its text. `folder` is a usual one for its kind. */
  text(reference: string, place: Place, folder?: string): FileText | undefined {
    const path = this.#find(reference, place, folder);
    return path === undefined ? undefined : this.textAt(path);
  }

  /** The file at a path, if there is one: its path and its text. */
  textAt(path: string): FileText | undefined {
    const text = this.#files.get(path);
    if (text === undefined) return undefined;
    this.#texts.add(path);
    return { path, text };
  }

  /** Whether there is such a file, told without a problem if there is none. */
  has(reference: string, place: Place, folder?: string): boolean {
    return this.#candidates(reference, place.file, folder).some((candidate) => this.#files.has(candidate));
  }

  /** Paths of the files below a folder, `functions/`. */
  below(folder: string): readonly string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(folder));
  }

  #find(reference: string, referrer: Place, folder?: string): string | undefined {
    const { document, place } = this.#aliases.get(reference) ?? { document: reference, place: referrer };
    const url = urlOf(document, place.file);
    if (url !== undefined) return this.#onTheWeb({ url, place, referrer });
    const candidates = this.#candidates(document, place.file, folder);
    const path = candidates.find((candidate) => this.#files.has(candidate));
    if (path !== undefined) return path;
    const tried = candidates.map((candidate) => quote(candidate)).join(", ");
    this.#problems.report(place, `a file of the resources folder (looked for ${tried})`, quote(document));
    return undefined;
  }

  #onTheWeb(wanted: Wanted): string | undefined {
    const { url } = wanted;
    if (this.#files.has(url)) return url;
    if (!this.#wanted.has(url)) this.#wanted.set(url, wanted);
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
  #candidates(reference: string, from: string, folder: string | undefined): readonly string[] {
    const path = reference.replace(/^(?:classpath|file):\/*/i, "").replace(/^.*\bsrc\/main\/resources\//, "");
    const usual = folder === undefined ? USUAL_FOLDERS : [...USUAL_FOLDERS, folder];
    const folders = [folderOf(from), folderOf(this.#workflow), ...usual];
    const paths = folders.map((folder) => normalize(folder + path)).filter((candidate) => candidate !== undefined);
    return [...new Set(paths)];
  }
}

/** The URL that a reference means: it is one, or is relative to a document on the web. */
function urlOf(reference: string, from: string): string | undefined {
  if (/^https?:\/\//i.test(reference)) return reference;
  const [, origin = "", path = ""] = /^(https?:\/\/[^/?#]*)([^?#]*)/i.exec(from) ?? [];
  if (origin === "" || /^[a-z][a-z\d+.-]*:/i.test(reference)) return undefined;
  const whole = reference.startsWith("/") ? reference : folderOf(path) + reference;
  return `${origin}/${normalize(whole) ?? ""}`;
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
