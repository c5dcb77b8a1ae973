import { formatJson } from "@antiphon/protocol";
import type { FastifyInstance } from "fastify";
import { stringify } from "yaml";
import type { Gateway } from "../gateway.ts";
import { baseUrl, sendJson } from "../http/answer.ts";
import { DOCUMENTS } from "../http/fresh-reads.ts";
import { oneOf, readParameters } from "../queries/parameters.ts";
import { openApiDocument } from "./document.ts";

const PARAMETERS = { format: oneOf("json", "yaml", "JSON", "YAML") };

/** What is deployed, as an OpenAPI document: YAML, or JSON for who asks for it by `format` or by `Accept`. */
export function registerOpenApi(app: FastifyInstance, gateway: Gateway): void {
  const { catalog, ports } = gateway;

  app.get("/q/openapi", DOCUMENTS, async (request, reply) => {
    const { format = acceptedFormat(request.headers.accept) } = readParameters(request.query, PARAMETERS);
    const current = catalog.workflows.flatMap((id) => ports.definitions.current(id)?.definition ?? []);
    const document = openApiDocument(current, baseUrl(gateway, request));
    if (format.toLowerCase() === "json") return sendJson(reply, 200, document);
    // YAML's writer knows nothing of numbers in their own digits.
    const text = stringify(JSON.parse(formatJson(document)), { aliasDuplicateObjects: false });
    return reply.header("content-type", "application/yaml; charset=utf-8").send(text);
  });
}

function acceptedFormat(accept: string | undefined): "json" | "yaml" {
  return accept !== undefined && /\bapplication\/json\b/i.test(accept) ? "json" : "yaml";
}
