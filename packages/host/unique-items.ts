import type { SchemaValidateFunction } from "ajv";
import type { Steps } from "./linear-regexp.ts";

/** JSON schema's `uniqueItems`, by the canonical text of each item: ajv's own compares each with each. */
export function uniqueItems(steps: Steps): SchemaValidateFunction {
  const validate: SchemaValidateFunction = (wanted: boolean, items: readonly unknown[]) => {
    if (!wanted) return true;
    const places = new Map<string, number>();
    for (const [at, item] of items.entries()) {
      const text = canonicalText(item);
      steps.take(1 + (text.length >> 3));
      const before = places.get(text);
      if (before !== undefined) {
        const message = `must NOT have duplicate items (items ## ${before} and ${at} are identical)`;
        validate.errors = [{ keyword: "uniqueItems", message, params: { i: at, j: before } }];
        return false;
      }
      places.set(text, at);
    }
    return true;
  };
  return validate;
}

/** JSON whose members are in the order of their names. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
