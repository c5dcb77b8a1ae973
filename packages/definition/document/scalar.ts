import type { ExactNumber } from "@antiphon/protocol";
import { exactNumber } from "@antiphon/protocol";

/**
 * A number of YAML or JSON as JSON can carry it: a number if a double says the same in the same digits, else those
 * digits. Undefined for infinity and not-a-number.
 */
export function numberFrom(source: string): number | ExactNumber | undefined {
  const digits = jsonDigits(source.trim());
  if (digits === undefined) return undefined;
  const value = Number(digits);
  return String(value) === digits ? value : exactNumber(digits);
}

/** YAML writes more numbers than JSON does: `+1`, `012` (twelve), `.5`, `5.`, `0x1F`, `0o17`. */
function jsonDigits(source: string): string | undefined {
  if (/^0[xo][\da-f]+$/i.test(source)) return BigInt(source).toString();
  const parts = /^([-+]?)(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/.exec(source);
  if (!parts) return undefined;
  const [, sign, whole = "", fraction = "", exponent = ""] = parts;
  if (whole + fraction === "") return undefined;
  const leading = whole.replace(/^0+(?=\d)/, "") || "0";
  return `${sign === "-" ? "-" : ""}${leading}${fraction === "" ? "" : `.${fraction}`}${exponent}`;
}
