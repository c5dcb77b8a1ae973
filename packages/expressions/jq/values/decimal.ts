import { type ExactNumber, exactNumber } from "@antiphon/protocol";

/** ±0.d₁d₂d₃… × 10^point; no digits at all is zero. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

/** There is one way only to match a text, so that one that does not is found out in linear time; so below. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Whether `text` is a number as jq reads one, which is a little more than JSON allows: `.5`, `5.`, `007`. */
export function isDecimal(text: string): boolean {
  return /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

/** A number that is written in a program: a double, or the digits themselves where a double would change them. */
export function numberFromDigits(text: string): number | ExactNumber {
  const double = Number(text);
  const written = String(double);
  if (written === text) return double;
  const zeroBehindPoint = /^[^eE]*\.\d*0(?:[eE]|$)/.test(text);
  if (Number.isFinite(double) && !zeroBehindPoint && compareDecimals(text, written) === 0) return double;
  return exactNumber(decimalText(text));
}

/** The order of two numbers in their own digits; negative, zero or positive. */
export function compareDecimals(left: string, right: string): number {
  const [a, b] = [parseDecimal(left), parseDecimal(right)];
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB) return signA - signB;
  if (signA === 0) return 0;
  if (a.point !== b.point) return (a.point - b.point) * signA;
  if (a.digits === b.digits) return 0;
  return (a.digits < b.digits ? -1 : 1) * signA;
}

/** The same digits in the spelling of IEEE 754's to-scientific-string, which jq prints: `100e-2` is `1.00`. */
export function decimalText(text: string): string {
  const [, sign = "", whole = "", fraction = "", power = "0"] = DECIMAL.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "");
  const exponent = Number(power) - fraction.length;
  const adjusted = exponent + digits.length - 1;
  const minus = sign === "-" ? "-" : "";
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return minus + digits;
    const padded = digits.padStart(1 - exponent, "0");
    return `${minus}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${minus}${mantissa}E${adjusted < 0 ? "" : "+"}${adjusted}`;
}

function parseDecimal(text: string): Decimal {
  const [, sign, whole = "", fraction = "", power = "0"] = DECIMAL.exec(text) ?? [];
  const all = whole + fraction;
  const digits = all.replace(/^0+/, "");
  const point = whole.length - (all.length - digits.length) + Number(power);
  return { negative: sign === "-", digits: withoutEndingZeros(digits), point };
}

/** A loop, because the obvious pattern takes quadratic time on many zeros. */
function withoutEndingZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

function signOf(decimal: Decimal): number {
  if (decimal.digits === "") return 0;
  return decimal.negative ? -1 : 1;
}
