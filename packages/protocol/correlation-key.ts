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

function part(text: string): string {
  return `${text.length}:${text}`;
}
