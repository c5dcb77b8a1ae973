import type { Definition } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { ownPaths } from "./own-paths.ts";
import { OWN_SCHEMAS } from "./own-schemas.ts";
import { workflowPart } from "./workflow-paths.ts";

/** An OpenAPI 3.1 document of the gateway with these workflows; `url` is where the client reaches it. */
export function openApiDocument(definitions: readonly Definition[], url: string): JsonObject {
  const parts = definitions.map(workflowPart);
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
    paths: { ...assigned(parts.map(({ paths }) => paths)), ...own.paths },
    components: { schemas: { ...assigned(parts.map(({ schemas }) => schemas)), ...OWN_SCHEMAS } },
  };
}

function assigned(all: readonly JsonObject[]): JsonObject {
  return Object.assign({}, ...all) as JsonObject;
}
