import type { ScalarType } from "@antiphon/definition";
import { formatJson, isExactNumber, isJsonObject, type Json, parseJson } from "@antiphon/protocol";

/** The most characters of a text that is read as a number. */
export const NUMBER_LENGTH_MAX = 1_000;

/** A value as a scalar of a type, if it can be one without loss: the value itself if it is one already. Undefined: it cannot. */
export function toScalar(type: ScalarType, value: Json): Json | undefined {
  if (Array.isArray(value) || isJsonObject(value)) return undefined;
  switch (type) {
    case "string":
      return typeof value === "string" ? value : formatJson(value);
    case "number":
      return typeof value === "string" ? numberIn(value) : isNumber(value) ? value : undefined;
    case "integer":
      return integerOf(typeof value === "string" ? numberIn(value) : value);
    case "boolean":
      return booleanOf(value);
  }
}

function isNumber(value: Json | undefined): boolean {
  return typeof value === "number" || isExactNumber(value);
}

/** The number that a text holds, in its own digits; a sign, zeros in front and blanks around it do not matter. */
function numberIn(text: string): Json | undefined {
  if (text.length > NUMBER_LENGTH_MAX) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^\s*([+-]?)(\d*)(?:\.(\d*))?(e[+-]?\d+)?\s*$/i.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const written = `${sign === "-" ? "-" : ""}${digits}${fraction === "" ? "" : `.${fraction}`}${exponent}`;
  return Number.isFinite(Number(written)) ? parseJson(written) : undefined;
}

/** A number that is whole, without a point: `37.0` is 37. */
function integerOf(value: Json | undefined): Json | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (!isExactNumber(value)) return undefined;
  const [, digits] = /^(-?\d+)(?:\.0*)?$/.exec(value.rawJSON) ?? [];
  if (digits !== undefined) return parseJson(digits);
  const number = Number(value.rawJSON);
  return Number.isSafeInteger(number) ? number : undefined;
}

function booleanOf(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    const text = value.trim().toLowerCase();
    return text === "true" ? true : text === "false" ? false : undefined;
  }
  return value === 1 ? true : value === 0 ? false : undefined;
}
