import type { Json } from "@antiphon/protocol";
import type { Allowance } from "../allowance.ts";
import { ExpressionError, ExpressionLimitError } from "../errors.ts";
import {
  DEFAULT_LIMITS,
  type Limits,
  SOURCE_UNITS_A_STEP,
  STEPS_BETWEEN_CLOCK_READINGS,
  STEPS_OF_AN_ERROR,
} from "../limits.ts";
import { RegexCache } from "./regex-cache.ts";

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

/** What all runs of a program share. */
export interface Code {
  readonly regexes: RegexCache;
  /** Steps that a turn of a loop costs: what stands in one is the longer, the longer the source is. */
  readonly stepsOfATurn: number;
}

/** One evaluation of a program: what it may still use, and what it may look at. */
export class Run {
  readonly limits: Limits;
  readonly regexes: RegexCache;
  readonly #stepsOfATurn: number;
  readonly surroundings: Surroundings;
  /** Whether a NaN or an infinity arose, which JSON cannot hold, so that outputs must be looked through. */
  nonFinite = false;
  /**
   * Outputs are at most 2^growth times as large as the input. Values are shared, so that `[., .]` costs one step and
   * doubles what a writer of JSON has to write; each construction adds the bits of its number of parts.
   */
  growth = 0;
  /** UTF-16 units of joined texts that JavaScript may not have put in one piece yet, which it does when one is read. */
  #joined = 0;
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

  constructor(limits: Limits, { regexes, stepsOfATurn }: Code, bindings: Bindings, options: RunOptions = {}) {
    this.limits = limits;
    this.regexes = regexes;
    this.#stepsOfATurn = stepsOfATurn;
    this.surroundings = options;
    this.#bindings = bindings;
    this.#allowance = options.allowance;
    let stepsToLook = STEPS_BETWEEN_CLOCK_READINGS;
    if (this.#allowance === undefined) this.#steps = limits.steps;
    else {
      this.#steps = Math.min(limits.steps, this.#allowance.stepsLeft);
      // Many short runs look at the clock as often as one long run does.
      stepsToLook -= this.#allowance.stepsUsed & (STEPS_BETWEEN_CLOCK_READINGS - 1);
    }
    this.#stepsAtHand = this.#steps;
    if (options.clock !== undefined) this.#keepBack(stepsToLook);
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

  /** Charges for a turn of a loop, or a call: for whatever may happen again and again. */
  turn(): void {
    this.charge(this.#stepsOfATurn);
  }

  /** Must be told that a text is read, before it is: one that was joined is put in one piece then. */
  read(text: string): void {
    if (text.length >= SHORT_TEXT && this.#joined > 0) this.#settle(text.length);
  }

  /** Must be told that a text is read from its beginning to its end by JavaScript itself, before it is. */
  scan(text: string): void {
    if (text.length < SHORT_TEXT) return;
    this.read(text);
    this.charge(text.length >> 6);
  }

  /** Must be told that a text is looked for among the names of members, or becomes one. */
  name(text: string): void {
    if (text.length < SHORT_TEXT) return;
    this.read(text);
    this.charge(text.length >> (text.length > HASHED_NAME_MAX ? 2 : 6));
  }

  /**
   * Must be told that a program caught an error. Its words show the beginning of a value, and JavaScript finds the
   * beginning of a joined text or of a large object slowly: so the clock is looked at.
   */
  caught(): void {
    this.charge(STEPS_OF_AN_ERROR);
    if (this.#joined > 0) this.#settle(this.limits.textLength);
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
   * JavaScript joins texts without copying them, until one is read.
   */
  allowText(length: number, added: number = length): void {
    if (length < 32) return;
    if (length > this.limits.textLength) throw new ExpressionLimitError("textLength", this.limits.textLength);
    this.growth++;
    this.#joined += length;
    this.charge(added >> 5);
  }

  /** Notes that a text was joined of parts that were paid for. */
  joined(text: string): void {
    this.#joined += text.length;
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

  #settle(length: number): void {
    const units = Math.min(length, this.#joined);
    this.#joined -= units;
    this.charge(units >> 6);
  }

  #keepBack(stepsAtHand: number): void {
    if (this.#stepsAtHand <= stepsAtHand) return;
    this.#stepsKeptBack = this.#stepsAtHand - stepsAtHand;
    this.#stepsAtHand = stepsAtHand;
  }
}

/** UTF-16 units below which a text costs nothing to read. */
const SHORT_TEXT = 64;

/** UTF-16 units up to which JavaScript tells names apart by their hash; it compares longer ones with each other. */
const HASHED_NAME_MAX = 16_383;

function exceeded(limit: string, maximum: number): ExpressionLimitError {
  return new ExpressionLimitError(limit, maximum);
}

export const NO_BINDINGS: Bindings = {};
const NO_OPTIONS: RunOptions = {};

/** The beginning of one evaluation. */
export function runOf(code: Code, bindings: Bindings, options: RunOptions = NO_OPTIONS): Run {
  const limits = options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...options.limits };
  return new Run(limits, code, bindings, options);
}

/** What the runs of a program of such a source share. */
export function codeOf(source: string): Code {
  return { regexes: new RegexCache(), stepsOfATurn: 1 + Math.floor(source.length / SOURCE_UNITS_A_STEP) };
}
