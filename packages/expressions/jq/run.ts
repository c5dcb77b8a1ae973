import type { Json } from "@antiphon/protocol";
import type { Allowance } from "../allowance.ts";
import { ExpressionError, ExpressionLimitError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits, STEPS_BETWEEN_CLOCK_READINGS, STEPS_OF_AN_ERROR } from "../limits.ts";
import type { RegexCache } from "./regex-cache.ts";

/** Values for a program's variables. A function is called when its variable is first read, once in a run. */
export type Bindings = Readonly<Record<string, Json | (() => Json)>>;

/** What the world outside adds to a run. Without it a program that asks for it fails. */
export interface Surroundings {
  /** The time in epoch milliseconds. */
  readonly now?: (() => number) | undefined;
  /** What local time is ahead of UTC, in milliseconds, at a time in epoch milliseconds. */
  readonly localOffsetMs?: ((atMs: number) => number) | undefined;
  /** Milliseconds that only go forward, for the limit of time. The program does not see them. */
  readonly clock?: (() => number) | undefined;
}

/** Limits other than the usual, and what a run may see of the world. */
export interface RunOptions extends Surroundings {
  readonly limits?: Partial<Limits>;
  /** What this run and others may use together, besides what each may use by `limits`. */
  readonly allowance?: Allowance | undefined;
}

/** One evaluation of a program: what it may still use, and what it may look at. */
export class Run {
  readonly limits: Limits;
  readonly regexes: RegexCache;
  readonly surroundings: Surroundings;
  /** Whether a NaN or an infinity arose, which JSON cannot hold, so that outputs must be looked through. */
  nonFinite = false;
  /**
   * Outputs are at most 2^growth times as large as the input. Values are shared, so that `[., .]` costs one step and
   * doubles what a writer of JSON has to write; each construction adds the bits of its number of parts.
   */
  growth = 0;
  #bindings: Bindings;
  #read: Map<string, Json> | null = null;
  /** Steps that may be used: by the limit on one run, or by what is left to several. */
  readonly #steps: number;
  readonly #allowance: Allowance | undefined;
  /** Steps until the end, or until the clock is to be looked at. */
  #stepsAtHand: number;
  /** Steps that are not at hand until the clock was looked at. */
  #stepsKeptBack = 0;
  /** When time is over; not known before the first look, so that short runs do without a clock. */
  #endsAtMs: number | null = null;
  #depth = 0;

  constructor(limits: Limits, regexes: RegexCache, bindings: Bindings, options: RunOptions = {}) {
    this.limits = limits;
    this.regexes = regexes;
    this.surroundings = options;
    this.#bindings = bindings;
    this.#allowance = options.allowance;
    this.#steps = this.#allowance === undefined ? limits.steps : Math.min(limits.steps, this.#allowance.stepsLeft);
    this.#stepsAtHand = this.#steps;
    // Many short runs look at the clock as often as one long run does.
    const stepsBefore = this.#allowance === undefined ? 0 : this.#allowance.stepsUsed % STEPS_BETWEEN_CLOCK_READINGS;
    if (options.clock !== undefined) this.#keepBack(STEPS_BETWEEN_CLOCK_READINGS - stepsBefore);
  }

  /** Must be called at the end of a run, also of one that fails: takes what was used from what several may use. */
  end(): void {
    this.#allowance?.use(1 + this.stepsUsed);
  }

  /** Steps that were charged so far. */
  get stepsUsed(): number {
    return this.#steps - this.#stepsAtHand - this.#stepsKeptBack;
  }

  charge(steps: number): void {
    this.#stepsAtHand -= steps;
    if (this.#stepsAtHand < 0) this.#look();
  }

  /**
   * Must be told that a program caught an error. Its words show the beginning of a value, and JavaScript finds the
   * beginning of a large object slowly: so the clock is looked at.
   */
  caught(): void {
    this.charge(STEPS_OF_AN_ERROR);
    if (this.surroundings.clock !== undefined) this.#look();
  }

  /** Goes one level deeper. Is followed by `leave`, also when an error passes that a program can catch. */
  enter(): void {
    if (++this.#depth > this.limits.depth) {
      throw new ExpressionLimitError("depth", this.limits.depth);
    }
  }

  leave(): void {
    this.#depth--;
  }

  /**
   * Must be asked before a text is built, so that no text beyond the limit ever exists. Only what is `added` costs:
   * JavaScript joins texts without copying them.
   */
  allowText(length: number, added: number = length): void {
    if (length < 32) return;
    if (length > this.limits.textLength) throw new ExpressionLimitError("textLength", this.limits.textLength);
    this.growth++;
    this.charge(added >> 5);
  }

  /** Notes that a value was put together from a number of parts. */
  grow(parts: number): void {
    this.growth += 32 - Math.clz32(parts);
  }

  /** A computed number, without JSON's odd ones: a negative zero becomes zero, the non-finite are noted. */
  number(value: number): number {
    if (value - value !== 0) this.nonFinite = true;
    return value + 0;
  }

  variable(name: string): Json {
    const value = this.bound(name);
    if (value === undefined) throw new ExpressionError(`$${name} has no value in this run`);
    return value;
  }

  /** The value of a variable; undefined if it has none. */
  bound(name: string): Json | undefined {
    const bound = Object.hasOwn(this.#bindings, name) ? this.#bindings[name] : undefined;
    if (bound === undefined) return undefined;
    if (typeof bound !== "function") return bound;
    this.#read ??= new Map();
    let value = this.#read.get(name);
    if (value === undefined) {
      value = bound();
      this.#read.set(name, value);
    }
    return value;
  }

  /** The steps at hand are used up: takes from those kept back, if there is time left as well. */
  #look(): void {
    this.#stepsAtHand += this.#stepsKeptBack;
    this.#stepsKeptBack = 0;
    const { clock } = this.surroundings;
    const allowance = this.#allowance;
    if (this.#stepsAtHand < 0) {
      if (allowance === undefined || this.limits.steps <= this.#steps) throw exceeded("steps", this.limits.steps);
      throw exceeded("steps of all runs", allowance.steps);
    }
    if (clock === undefined) return;
    const nowMs = clock();
    this.#endsAtMs ??= nowMs + this.limits.timeMs;
    if (nowMs > this.#endsAtMs) throw exceeded("timeMs", this.limits.timeMs);
    if (allowance !== undefined && nowMs > allowance.endsAtMs) throw exceeded("timeMs of all runs", allowance.timeMs);
    this.#keepBack(STEPS_BETWEEN_CLOCK_READINGS);
  }

  #keepBack(stepsAtHand: number): void {
    if (this.#stepsAtHand <= stepsAtHand) return;
    this.#stepsKeptBack = this.#stepsAtHand - stepsAtHand;
    this.#stepsAtHand = stepsAtHand;
  }
}

function exceeded(limit: string, maximum: number): ExpressionLimitError {
  return new ExpressionLimitError(limit, maximum);
}

export const NO_BINDINGS: Bindings = {};
const NO_OPTIONS: RunOptions = {};

/** The beginning of one evaluation. */
export function runOf(regexes: RegexCache, bindings: Bindings, options: RunOptions = NO_OPTIONS): Run {
  const limits = options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...options.limits };
  return new Run(limits, regexes, bindings, options);
}
