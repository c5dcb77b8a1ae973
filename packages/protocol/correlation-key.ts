/** The tenant of every key: there is one to a deployment so far. */
export const TENANT = "";

/**
 * The canonical text of (tenant, event type, attributes): each part behind its length, names sorted, so that no two
 * different keys look alike. Values are texts, because an attribute's type does not survive CloudEvents' binary mode.
 * Undefined if there is no attribute, or one of them is missing or empty: such a key never matches anything.
 */
export function correlationKey(
  tenant: string,
  eventType: string,
  attributes: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  let key = part(tenant) + part(eventType);
  for (const name of names) {
    const value = attributes[name];
    if (value === undefined || value === "") return undefined;
    key += part(name) + part(value);
  }
  return key;
}

/** The attribute by which an event names the business key of an instance; the key of waits that have no other. */
export const BUSINESS_KEY_ATTRIBUTE = "kogitobusinesskey";

/**
 * The key that waits for a type are under where events which say nothing of whom they are for are for everybody. No
 * attribute of an event has this name, so it is no other wait's key.
 */
export function broadcastKey(tenant: string, eventType: string): string {
  return part(tenant) + part(eventType) + part("*") + part("*");
}

/** The attributes in a key: behind tenant and type, names and values in turn, each behind its length. */
export function attributesOfKey(key: string): ReadonlyMap<string, string> {
  const parts: string[] = [];
  for (let at = 0; at < key.length; ) {
    const colon = key.indexOf(":", at);
    if (colon < 0) break;
    const end = colon + 1 + Number(key.slice(at, colon));
    parts.push(key.slice(colon + 1, end));
    at = end;
  }
  const attributes = new Map<string, string>();
  for (let i = 2; i + 1 < parts.length; i += 2) attributes.set(parts[i] ?? "", parts[i + 1] ?? "");
  return attributes;
}

function part(text: string): string {
  return `${text.length}:${text}`;
}
