/** Whether a content type says that the content is JSON: `application/json`, `application/vnd.acme+json; charset=utf-8`. */
export function isJsonType(type: string): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(type);
}

/** Whether a content type says that the content is no text, whatever its bytes look like. */
export function isBytesType(type: string): boolean {
  return /^\s*(?:application\/octet-stream|(?:image|audio|video|font)\/(?![^;]*\+(?:xml|json)))/i.test(type);
}
