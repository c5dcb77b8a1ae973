import type { Definition } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { channelPart } from "./channel-part.ts";
import { inputNames } from "./input-names.ts";
import { ownPaths } from "./own-paths.ts";
import { OWN_SCHEMAS } from "./own-schemas.ts";
import { workflowPart } from "./workflow-paths.ts";

/** An OpenAPI 3.1 document of the gateway with these workflows; `url` is where the client reaches it. */
export function openApiDocument(definitions: readonly Definition[], url: string): JsonObject {
  const inputs = inputNames(definitions, Object.keys(OWN_SCHEMAS));
  const parts = definitions.map((definition) => workflowPart(definition, inputs.get(definition.id) ?? ""));
  const own = ownPaths();
  return {
    openapi: "3.1.0",
    info: {
      title: "Antiphon",
      version: "1.0.0",
      description: "Workflows, their instances, and the events between them",
    },
    ...(url !== "" && { servers: [{ url }] }),
    tags: [...parts.map(({ tag }) => tag), ...own.tags],
    paths: merged([channelPart(definitions), ...parts.map(({ paths }) => paths), own.paths]),
    components: { schemas: { ...assigned(parts.map(({ schemas }) => schemas)), ...OWN_SCHEMAS } },
  };
}

/** Paths of several parts, of which a later one has the word on an operation. */
function merged(all: readonly JsonObject[]): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const part of all) {
    for (const [path, item] of Object.entries(part)) paths[path] = { ...paths[path], ...(item as JsonObject) };
  }
  return paths;
}

function assigned(all: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...all) as JsonObject;
}
