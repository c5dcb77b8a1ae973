import type { Json } from "@antiphon/protocol";
import type { Arithmetic, Comparison } from "../syntax/ast.ts";
import { add, divide, multiply, negate, type Operation, remainder, subtract } from "../values/arithmetic.ts";
import { isExact, toDouble } from "../values/kinds.ts";
import { compare, equal } from "../values/order.ts";
import { type Filter, several, single } from "./filter.ts";

export const ARITHMETIC: Readonly<Record<Arithmetic, Operation>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
};

const COMPARISONS: Readonly<Record<Comparison, Operation>> = {
  "==": equal,
  "!=": (left, right, run) => !equal(left, right, run),
  "<": (left, right, run) => compare(left, right, run) < 0,
  "<=": (left, right, run) => compare(left, right, run) <= 0,
  ">": (left, right, run) => compare(left, right, run) > 0,
  ">=": (left, right, run) => compare(left, right, run) >= 0,
};

/** `left operator right`: the right is the outer loop. */
export function operation(operator: Arithmetic | Comparison, left: Filter, right: Filter): Filter {
  const apply = operationOf(operator);
  const [first, second] = [left.one, right.one];
  if (first !== null && second !== null) {
    return single((input, frame) => {
      const value = second(input, frame);
      return apply(first(input, frame), value, frame.run);
    });
  }
  return several((input, frame, emit) =>
    right.each(input, frame, (value) => left.each(input, frame, (other) => emit(apply(other, value, frame.run)))),
  );
}

/** `left operator value`, the value being known. */
export function operationWith(operator: Arithmetic | Comparison, left: Filter, value: Json): Filter {
  const apply = operationOf(operator);
  const operand = operator in ARITHMETIC && isExact(value) && operator !== "+" ? toDouble(value) : value;
  const { one } = left;
  if (one === null) {
    return several((input, frame, emit) => left.each(input, frame, (other) => emit(apply(other, operand, frame.run))));
  }
  if (operator === "==" && typeof operand !== "object") {
    return single((input, frame) => {
      const other = one(input, frame);
      return other === operand || (typeof other === "object" && equal(other, operand, frame.run));
    });
  }
  return single((input, frame) => apply(one(input, frame), operand, frame.run));
}

/** `-operand` */
export function negation(operand: Filter): Filter {
  const { one } = operand;
  if (one !== null) return single((input, frame) => negate(one(input, frame), frame.run));
  return several((input, frame, emit) => operand.each(input, frame, (value) => emit(negate(value, frame.run))));
}

function operationOf(operator: Arithmetic | Comparison): Operation {
  return operator in ARITHMETIC ? ARITHMETIC[operator as Arithmetic] : COMPARISONS[operator as Comparison];
}
