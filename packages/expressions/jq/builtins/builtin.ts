import type { Json } from "@antiphon/protocol";
import { type Emit, type Filter, several, single } from "../filters/filter.ts";
import type { Run } from "../run.ts";

/** A function that is built in: makes a filter of its arguments. */
export type Builtin = (...args: readonly Filter[]) => Filter;

/** By name and number of arguments, as in `startswith/1`. */
export type Builtins = Readonly<Record<string, Builtin>>;

/** A function of the input alone. */
export function ofInput(apply: (input: Json, run: Run) => Json): Builtin {
  const filter = single((input, frame) => apply(input, frame.run));
  return () => filter;
}

/** A function of the input and the value of an argument. */
export function ofOne(apply: (input: Json, argument: Json, run: Run) => Json): Builtin {
  return (argument) => {
    const { one, each } = given(argument);
    if (one !== null) return single((input, frame) => apply(input, one(input, frame), frame.run));
    return several((input, frame, emit) => each(input, frame, (value) => emit(apply(input, value, frame.run))));
  };
}

/** A function of the input and the values of arguments, of which the last one is the outer loop. */
export function ofMany(apply: (input: Json, args: readonly Json[], run: Run) => Json): Builtin {
  return (...args) => {
    const ones = args.map(({ one }) => one).filter((one) => one !== null);
    if (ones.length === args.length) {
      return single((input, frame) =>
        apply(
          input,
          ones.map((one) => one(input, frame)),
          frame.run,
        ),
      );
    }
    return several((input, frame, emit) => {
      const values: Json[] = [];
      const from = (at: number): void => {
        const argument = args[at];
        if (argument === undefined) emit(apply(input, [...values], frame.run));
        argument?.each(input, frame, (value) => {
          values[at] = value;
          from(at - 1);
        });
      };
      from(args.length - 1);
    });
  };
}

/** A function with any number of outputs; the first of its arguments is the outer loop. */
export function generating(generate: (input: Json, args: readonly Json[], emit: Emit, run: Run) => void): Builtin {
  return (...args) =>
    several((input, frame, emit) => {
      const from = (at: number, values: readonly Json[]): void => {
        const argument = args[at];
        if (argument === undefined) generate(input, values, emit, frame.run);
        else argument.each(input, frame, (value) => from(at + 1, [...values, value]));
      };
      from(0, []);
    });
}

/** An argument that the number in a builtin's name says is there. */
export function given(argument: Filter | undefined): Filter {
  if (argument === undefined) throw new Error("a builtin was given fewer arguments than its name says");
  return argument;
}
