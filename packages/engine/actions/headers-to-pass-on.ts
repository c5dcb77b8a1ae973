import type { Draft } from "../token/draft.ts";

/**
 * The headers that an instance was started with, for the fact that asks for another one and is emitted next. They are said
 * once in a decision, with the first such fact: there may be thousands of others.
 */
export function headersToPassOn(draft: Draft): { readonly headers?: Readonly<Record<string, string>> } {
  const { headers } = draft.active;
  if (Object.keys(headers).length === 0) return {};
  const said = draft.headersSaidAt === undefined ? undefined : draft.events[draft.headersSaidAt];
  // The facts may have been taken back since.
  const isSaid = (said?.type === "ChildRequested" || said?.type === "InstanceContinued") && said.headers !== undefined;
  if (isSaid) return {};
  draft.headersSaidAt = draft.events.length;
  return { headers };
}
