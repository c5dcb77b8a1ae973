import { oneOf, quote } from "../document/node.ts";
import { present } from "../document/present.ts";
import type { FunctionDefinition } from "../model.ts";
import { refuse, type Written } from "./base.ts";

const EXPECTED =
  'a Knative service, "knative:services.v1.serving.knative.dev/namespace/name?path=/p&method=POST&asCloudEvent=false"';

/** Names of resources in Kubernetes. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const PARAMETERS = ["path", "method", "asCloudEvent"];

/** Reads `knative:services.v1.serving.knative.dev/[namespace/]name?…`; the kind of resource may be left out. */
export function readKnative(written: Written, text: string): FunctionDefinition {
  const { base, operation } = written;
  const [resource = "", query = ""] = text.split("?", 2);
  const names = resource.replace(/^services\.v1\.serving\.knative\.dev\//, "").split("/");
  const [service = "", namespace] = names.toReversed();
  if (names.length > 2 || !names.every((name) => NAME.test(name))) return refuse(written, EXPECTED, quote(operation));
  const parameters = parametersIn(query);
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    return refuse(written, oneOf(PARAMETERS), quote(unknown), { name: unknown, among: PARAMETERS });
  }
  const given = (parameters.get("method") ?? "POST").toUpperCase();
  const method = given === "GET" || given === "POST" ? given : undefined;
  if (method === undefined) return refuse(written, 'the method "GET" or "POST"', quote(given));
  const asCloudEvent = parameters.get("asCloudEvent")?.toLowerCase() === "true";
  if (asCloudEvent && method === "GET") return refuse(written, "the method POST for a CloudEvent", quote(operation));
  const path = (parameters.get("path") ?? "/").replace(/^(?!\/)/, "/");
  return { kind: "knative", ...base, service, ...present({ namespace }), path, method, asCloudEvent };
}

function parametersIn(query: string): ReadonlyMap<string, string> {
  const parts = query.split("&").filter((part) => part !== "");
  return new Map(
    parts.map((part) => {
      const [name = "", value = ""] = part.split(/=(.*)/s, 2);
      return [decoded(name), decoded(value)];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
