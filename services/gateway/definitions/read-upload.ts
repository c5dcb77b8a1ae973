import { extname } from "node:path";
import type { Bundle } from "@antiphon/definition";
import { isJsonObject, type JsonObject, parseJson } from "@antiphon/protocol";
import { Problem } from "../http/problem.ts";

/** The most files of a bundle. */
export const BUNDLE_FILES_MAX = 200;

/**
 * What is to be deployed, from a body: a bundle, `{"path": …, "files": {…}}`, or the text of a workflow document, JSON or
 * YAML, which then has to stand alone. `id` names the document where the body does not; `type` is the body's media type:
 * what is sent as JSON is no YAML.
 */
export function readUpload(text: string, id: string, type = ""): Bundle {
  const document = jsonObjectIn(text);
  if (document === undefined)
    return alone(/^application\/json\b/i.test(type) ? `${id}.sw.json` : `${id}.sw.yaml`, text);
  return isJsonObject(document.files) ? bundleOf(document) : alone(`${id}.sw.json`, text);
}

/** YAML is the wider language, and its reader tells best what is wrong; so whatever is no JSON is taken for YAML. */
function jsonObjectIn(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function alone(path: string, text: string): Bundle {
  return { path, files: { [path]: text } };
}

function bundleOf({ path, files }: JsonObject): Bundle {
  if (!isJsonObject(files)) throw unusable("files", "an object of texts by path", "something else");
  const entries = Object.entries(files);
  if (entries.length > BUNDLE_FILES_MAX)
    throw unusable("files", `at most ${BUNDLE_FILES_MAX} files`, `${entries.length}`);
  const texts: Record<string, string> = {};
  for (const [name, text] of entries) {
    if (typeof text !== "string") throw unusable(`files[${JSON.stringify(name)}]`, "a text", "something else");
    texts[name] = text;
  }
  if (typeof path === "string" && Object.hasOwn(texts, path)) return { path, files: texts };
  const names = Object.keys(texts).filter((name) => [".json", ".yaml", ".yml"].includes(extname(name)));
  throw unusable("path", `one of ${names.join(", ")}`, JSON.stringify(path ?? null));
}

function unusable(member: string, expected: string, found: string): Problem {
  return new Problem(400, "unusable-body", `member ${member}: expected ${expected}, found ${found}`);
}
