import type { Json } from "@antiphon/protocol";
import { type Builtin, type Builtins, ofInput, ofMany } from "./builtin.ts";
import { numeric } from "./kinds.ts";

/** The functions of C's math library that jq has, as far as they do without tables. */
export const MATH_BUILTINS: Builtins = {
  ...Object.fromEntries(
    (
      [
        ...(["floor", "ceil", "trunc", "sqrt", "cbrt", "exp", "expm1", "log", "log10", "log1p", "log2"] as const),
        ...(["sin", "cos", "tan", "asin", "acos", "atan"] as const),
        ...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh"] as const),
      ] as const
    ).map((name) => [`${name}/0`, unary(Math[name])]),
  ),
  "fabs/0": unary(Math.abs),
  "round/0": unary((x) => Math.sign(x) * Math.round(Math.abs(x))),
  "rint/0": unary(roundHalfToEven),
  "nearbyint/0": unary(roundHalfToEven),
  "exp2/0": unary((x) => 2 ** x),
  "exp10/0": unary((x) => 10 ** x),
  "pow10/0": unary((x) => 10 ** x),
  "significand/0": unary((x) => (x === 0 ? 0 : mantissaAndExponent(x)[0] * 2)),
  "logb/0": unary((x) => (x === 0 ? Number.NEGATIVE_INFINITY : mantissaAndExponent(x)[1] - 1)),
  "gamma/0": unary(logGamma),
  "lgamma/0": unary(logGamma),
  "tgamma/0": unary(gamma),
  "lgamma_r/0": pair((x) => [logGamma(x), gammaSign(x)]),
  "frexp/0": pair(mantissaAndExponent),
  "modf/0": pair((x) => [Number.isFinite(x) ? x - Math.trunc(x) : 0, Math.trunc(x)]),
  "pow/2": binary((x, y) => x ** y),
  "atan2/2": binary(Math.atan2),
  "fmod/2": binary((x, y) => x % y),
  "fmin/2": binary((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y))),
  "fmax/2": binary((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y))),
  "fdim/2": binary((x, y) => Math.max(0, x - y)),
  "hypot/2": binary(Math.hypot),
  "copysign/2": binary((x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  "ldexp/2": binary((x, y) => x * 2 ** y),
  "scalb/2": binary((x, y) => x * 2 ** y),
  "scalbln/2": binary((x, y) => x * 2 ** y),
  "drem/2": binary((x, y) => x - roundHalfToEven(x / y) * y),
  "nextafter/2": binary(nextTowards),
  "nexttoward/2": binary(nextTowards),
  "fma/3": ofMany((_input, [x = null, y = null, z = null], run) =>
    run.number(numeric(x, run) * numeric(y, run) + numeric(z, run)),
  ),
};

function unary(apply: (x: number) => number): Builtin {
  return ofInput((input, run) => run.number(apply(numeric(input, run))));
}

function pair(apply: (x: number) => readonly [number, number]): Builtin {
  return ofInput((input, run) => apply(numeric(input, run)).map((part) => run.number(part)));
}

function binary(apply: (x: number, y: number) => number): Builtin {
  return ofMany((_input, [x = null, y = null]: readonly Json[], run) =>
    run.number(apply(numeric(x, run), numeric(y, run))),
  );
}

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** x = mantissa × 2^exponent, with 0.5 ≤ |mantissa| < 1. */
function mantissaAndExponent(x: number): readonly [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let mantissa = x * 2 ** -exponent;
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent--;
  }
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent++;
  }
  return [mantissa, exponent];
}

/** Lanczos' approximation with g = 7 and nine terms: about fifteen digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  const t = x + 6.5;
  const series = LANCZOS.reduce((sum, term, i) => sum + (i === 0 ? term : term / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}

function gamma(x: number): number {
  const size = Math.exp(logGamma(x)) * gammaSign(x);
  return Number.isInteger(x) && x > 0 && x < 19 ? Math.round(size) : size;
}

function gammaSign(x: number): number {
  return x < 0 && Math.floor(x) % 2 !== 0 ? -1 : 1;
}

/** The neighbour of x among the doubles, on the way to y: the bits of a double count upwards as it does. */
function nextTowards(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === y) return y;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, y > x === x > 0 ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}
