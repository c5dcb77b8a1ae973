import type { Members } from "../document/members.ts";
import { readObject } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, memberOf, oneOf, placeOfMissing, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { Alias } from "../document/sources.ts";
import type { DataSchema } from "../model.ts";
import { readDataSchema } from "./data-schemas.ts";
import { listOf, resolve } from "./shared-list.ts";

const OUTPUT_SCHEMA = "workflow-output-schema";
const URI_DEFINITIONS = "workflow-uri-definitions";
const FUNCTION_NAMESPACES = "workflow-function-namespaces";
const KNOWN = [OUTPUT_SCHEMA, URI_DEFINITIONS, FUNCTION_NAMESPACES];

/** What the extensions of a workflow say. */
export interface Extensions {
  readonly dataOutputSchema?: DataSchema;
  /** Names of documents for which others stand in references, `orders` for `specs/orders.yaml`. */
  readonly aliases: ReadonlyMap<string, Alias>;
  /** What a function may be referred to by without a definition: `math` of `math:add`. */
  readonly functionNamespaces: readonly string[];
}

/** Reads `extensions`. One that is not known is refused with the names of those that are. */
export function readExtensions(members: Members): Extensions {
  let dataOutputSchema: DataSchema | undefined;
  const aliases = new Map<string, Alias>();
  const functionNamespaces: string[] = [];
  for (const node of listOf(members, "extensions", "an extension") ?? []) {
    readObject(node, "an extension", members.reading, (it) => {
      // SonataFlow spells it in lower case, the language does not.
      const id = it.get("extensionid") ?? it.get("extensionId");
      switch (textOf(id)) {
        case OUTPUT_SCHEMA:
          it.require("outputSchema", "a JSON schema or the name of its file");
          dataOutputSchema = readDataSchema(it, "outputSchema");
          break;
        case URI_DEFINITIONS:
          for (const [name, alias] of readAliases(it)) aliases.set(name, alias);
          break;
        case FUNCTION_NAMESPACES:
          it.require("namespaces", "names of namespaces");
          for (const name of it.texts("namespaces", "the name of a namespace"))
            functionNamespaces.push(textOf(name) ?? "");
          break;
        default:
          reportUnknown(it, node, id);
      }
    });
  }
  return { ...present({ dataOutputSchema }), aliases, functionNamespaces };
}

function readAliases(members: Members): readonly (readonly [string, Alias])[] {
  const name = members.get("uri") === undefined ? "definitions" : "uri";
  if (name === "definitions") members.require("definitions", "names of documents by alias, or the name of their file");
  const node = resolve(members, name);
  const kind = "an object with the name of a document in each member";
  const definitions = memberOf(node, "definitions")?.kind === "object" ? memberOf(node, "definitions") : node;
  const read = readObject(definitions, kind, members.reading, (it) => it.textsOfEach("the name of a document"));
  return (read ?? []).map(([name, place]) => [name, { document: textOf(place) ?? "", place }]);
}

function reportUnknown(members: Members, extension: Node, id: Node | undefined): void {
  members.allow(/^/);
  if (members.reading.asSonataFlow) return;
  const place = id ?? placeOfMissing(extension, "extensionid");
  members.report(place, oneOf(KNOWN), describe(id), { name: textOf(id), among: KNOWN });
}
