import type { Draft } from "../token/draft.ts";

/**
 * The headers that an instance was started with, for one that it asks for. They are said once in a decision, with the
 * first: there may be thousands of others.
 */
export function headersToPassOn({ active: { headers }, events }: Draft): {
  readonly headers?: Readonly<Record<string, string>>;
} {
  const isSaid = events.some((event) => {
    return (event.type === "ChildRequested" || event.type === "InstanceContinued") && event.headers !== undefined;
  });
  return isSaid || Object.keys(headers).length === 0 ? {} : { headers };
}
