/**
 * How a secret may stand in a text: as it is, and as JSON, pages, URLs, quoted shell words, CSV and base64 have it. Base64
 * of something longer, `user:secret`, has it in one of three forms, by how many bytes are in front. Not of an empty text.
 */
export function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const written = [secret, ...(trimmed === "" ? [] : [trimmed])].flatMap((text) => [
    text,
    inner(JSON.stringify(text)),
    inner(asciiJson(text)),
    inPage(text, "&#39;"),
    inPage(text, "&apos;"),
    text.replaceAll('"', '""'),
    text.replaceAll("'", "'\\''"),
    ...urlForms(text.toWellFormed()),
    ...base64Forms(text),
  ]);
  return [...new Set(written)];
}

function inPage(text: string, apostrophe: string): string {
  const entities: Readonly<Record<string, string>> = {
    ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" },
    "'": apostrophe,
  };
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

function inner(quoted: string): string {
  return quoted.slice(1, -1);
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const inForm = new URLSearchParams({ "": text }).toString().slice(1);
  return [component, strict, inForm, encodeURI(text)];
}

function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const whole = bytes.toString("base64");
  const within = [0, 1, 2].map((before) => digitsWithin(bytes, before));
  return [whole, whole.replace(/=+$/, ""), ...within].flatMap((digits) => [
    digits,
    digits.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}

/** The digits that are made of these bytes alone when so many others are in front, whatever these and those behind are. */
function digitsWithin(bytes: Buffer, before: number): string {
  const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
  return digits.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}
