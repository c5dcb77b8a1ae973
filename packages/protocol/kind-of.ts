import { isExactNumber, type Json } from "./json.ts";

/** What a value is, in words of an error: "an array", "a number"; undefined is "nothing". */
export function kindOf(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (isExactNumber(value)) return "a number";
  switch (typeof value) {
    case "object":
      return "an object";
    case "string":
      return "a text";
    default:
      return `a ${typeof value}`;
  }
}
