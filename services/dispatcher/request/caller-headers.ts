import type { Definition } from "@antiphon/definition";
import type { ActionRequested } from "@antiphon/protocol";

/** The header by which a service tells a repeated request: the same at every attempt. */
export function idempotencyKey(instance: string, action: string): string {
  return `${instance}:${action}`;
}

/** Who asks, by the headers that SonataFlow sends along with its calls, and the idempotency key. */
export function callerHeaders(
  { id, version }: Definition,
  instance: string,
  { action, context = {} }: ActionRequested,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    kogitoprocinstanceid: instance,
    kogitoprocid: id,
    kogitoprocversion: version,
    kogitoproctype: "SW",
    kogitoprocist: "Active",
    ...context,
    "idempotency-key": idempotencyKey(instance, action),
  };
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^[\w-]+$/.test(name) ? [[name.toLowerCase(), headerText(value)]] : [],
    ),
  );
}

/** What a header cannot hold is percent-encoded, as CloudEvents does it. */
function headerText(value: string): string {
  return value.replace(/[^\x20-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()));
}
