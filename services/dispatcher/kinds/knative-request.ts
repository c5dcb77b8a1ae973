import { type Definition, type FunctionDefinition, propertyOf } from "@antiphon/definition";
import { type ActionRequested, CloudEventError, isJsonObject, type Json, readCloudEvent } from "@antiphon/protocol";
import { ActionError } from "../perform/action-error.ts";
import { jsonBody } from "../request/body.ts";
import type { RequestParts } from "../request/http-request.ts";
import { form } from "../request/parameter-text.ts";

type KnativeFunction = Extract<FunctionDefinition, { readonly kind: "knative" }>;

/** How long a Knative service may take, in milliseconds, unless the property of SonataFlow's add-on says otherwise. */
export const KNATIVE_TIMEOUT_MS = 10_000;
const TIMEOUT_PROPERTY = "kogito.addon.knative-serving.request-timeout";

/** How long the Knative services of a definition may take, in milliseconds. Throws `ActionError`. */
export function knativeTimeoutMs({ properties }: Definition): number {
  const text = propertyOf(properties, TIMEOUT_PROPERTY)?.trim();
  if (text === undefined) return KNATIVE_TIMEOUT_MS;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ActionError("400", `${TIMEOUT_PROPERTY}: expected a number of milliseconds, found ${JSON.stringify(text)}`);
}

/** The namespace of services that are named without one, unless the property `antiphon.knative.namespace` says otherwise. */
const NAMESPACE = "default";

/** The request to a Knative service: arguments in the query or as the body, or as a CloudEvent. Throws `ActionError`. */
export function knativeRequest(
  definition: Definition,
  called: KnativeFunction,
  instance: string,
  { action, arguments: args }: ActionRequested,
): RequestParts {
  const { method, path, asCloudEvent } = called;
  const request = { method, base: baseOf(definition, called), path, query: [], headers: [] };
  if (asCloudEvent) {
    const event = eventOf(args, `${instance}_${action}`);
    return { ...request, body: jsonBody(event, "application/cloudevents+json; charset=UTF-8") };
  }
  if (method === "POST") return { ...request, body: jsonBody(args) };
  if (!isJsonObject(args))
    throw new ActionError("400", "a GET of Knative: expected an object of arguments, found another value");
  const given = Object.entries(args).filter(([, value]) => value !== null);
  return { ...request, query: given.flatMap(([name, value]) => form(name, value)) };
}

/** Arguments that are a CloudEvent; one without an id has the action's, the same at every attempt. */
function eventOf(args: Json, id: string): Json {
  try {
    return readCloudEvent(isJsonObject(args) ? { id, ...args } : args);
  } catch (error) {
    if (!(error instanceof CloudEventError)) throw error;
    throw new ActionError("400", `arguments of a Knative service: ${error.message}`, { cause: error });
  }
}

/** Where a service is: as configured for it or for the function, else where Kubernetes has it. */
function baseOf({ properties }: Definition, { name, service, namespace }: KnativeFunction): string {
  const url = propertyOf(properties, `antiphon.knative.${service}.url`);
  if (url !== undefined) return url.replace(/\/+$/, "");
  const own = (key: string): string | undefined => propertyOf(properties, `kogito.sw.functions.${name}.${key}`);
  const within = namespace ?? propertyOf(properties, "antiphon.knative.namespace") ?? NAMESPACE;
  const host = own("host") ?? `${service}.${within}.svc.cluster.local`;
  return `${own("protocol") ?? "http"}://${host}${own("port") === undefined ? "" : `:${own("port")}`}`;
}
