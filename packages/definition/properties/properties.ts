/** A property by its key, which may also have been set by the environment alone: `QUARKUS_HTTP_PORT` for `quarkus.http.port`. */
export function propertyOf(properties: Readonly<Record<string, string>>, key: string): string | undefined {
  if (Object.hasOwn(properties, key)) return properties[key];
  // As MicroProfile looks a key up in the environment: as it is, without what a shell does not take, in capitals.
  const plain = key.replace(/[^A-Za-z0-9]/g, "_");
  for (const name of [plain, plain.toUpperCase()]) if (Object.hasOwn(properties, name)) return properties[name];
  return undefined;
}
