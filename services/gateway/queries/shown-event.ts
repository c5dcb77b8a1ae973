import { type InstanceEvent, isJsonObject, type Json } from "@antiphon/protocol";

/** Names of headers whose values say who somebody is. */
const SAYS_WHO = /authorization|cookie|token|secret|password|api[-_]?key/i;
/** What stands in place of such a value. */
const HIDDEN = "…";

/**
 * A fact as readers of a history see it: without the tokens that an instance was started with and that its calls pass on,
 * and without those of callback URLs.
 */
export function shownEvent(event: InstanceEvent): InstanceEvent {
  return withoutCallbacks(withoutTokens(event) as unknown as Json) as unknown as InstanceEvent;
}

/** The token of a callback URL, behind the path that it has with any gateway. */
const CALLBACK = /(\/callbacks\/)[\w-]+\.[\w-]+\.[\w-]+/g;

/** A value whose texts have no token of a callback in them: who has that may answer. */
function withoutCallbacks(value: Json): Json {
  if (typeof value === "string") return value.replace(CALLBACK, `$1${HIDDEN}`);
  if (Array.isArray(value)) return value.map(withoutCallbacks);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutCallbacks(member)]));
}

function withoutTokens(event: InstanceEvent): InstanceEvent {
  switch (event.type) {
    case "InstanceStarted":
      return { ...event, headers: hidden(event.headers, saysWho) };
    case "ChildRequested":
    case "InstanceContinued":
      return event.headers === undefined ? event : { ...event, headers: hidden(event.headers, saysWho) };
    case "ActionRequested":
      return event.tokens === undefined ? event : { ...event, tokens: hidden(event.tokens, () => true) };
    default:
      return event;
  }
}

function saysWho(name: string): boolean {
  return SAYS_WHO.test(name);
}

function hidden(
  values: Readonly<Record<string, string>>,
  isHidden: (name: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isHidden(name) ? HIDDEN : value]));
}
