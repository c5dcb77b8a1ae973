/** What one run of a program may use. A run that wants more ends with an `ExpressionLimitError`. */
export interface Limits {
  /** Units of work: turns of loops, calls, copied members. */
  readonly steps: number;
  /** Calls within calls: functions, recursion, nested data that is walked. */
  readonly depth: number;
  /** UTF-16 units in any one text. */
  readonly textLength: number;
  /** Values in all outputs together, members of objects and arrays included; 64 units of a text count as one more. */
  readonly outputSize: number;
  /** Levels of objects and arrays in an output. */
  readonly outputDepth: number;
  /** Milliseconds, by the clock that the run was given; without one it is not asked. */
  readonly timeMs: number;
}

/** The limits of a run that names no others. */
export const DEFAULT_LIMITS: Limits = {
  steps: 5_000_000,
  depth: 1_000,
  textLength: 16 * 1024 * 1024,
  outputSize: 1_000_000,
  outputDepth: 512,
  timeMs: 1_000,
};

/** Steps between two looks at the clock; a power of two. */
export const STEPS_BETWEEN_CLOCK_READINGS = 512;

/** Steps that an error costs which a program catches, for its words. */
export const STEPS_OF_AN_ERROR = 16;

/** UTF-16 units of a source for which a turn of a loop costs one step more. */
export const SOURCE_UNITS_A_STEP = 1_024;

/** UTF-16 units in the source of a program. */
export const SOURCE_LENGTH_MAX = 65_536;

/** Levels of nesting in the source of a program. */
export const SOURCE_NESTING_MAX = 256;

/** Filters around or before one another in a compiled program, as in `.a.b.c` or `1 + 2 + 3`. */
export const PROGRAM_DEPTH_MAX = 1_000;

/** Filters in a compiled program; a function counts once for each way in which it is called. */
export const PROGRAM_SIZE_MAX = 20_000;

/** Compiled regular expressions that one program remembers. */
export const REGEX_CACHE_MAX = 64;

/** UTF-16 units in the source of a regular expression. */
export const REGEX_LENGTH_MAX = 4_096;

/** What compiling a regular expression may cost: characters, those that are repeated as often, and more for classes. */
export const REGEX_SIZE_MAX = 10_000;

/** UTF-16 units in the format of a date. */
export const DATE_FORMAT_LENGTH_MAX = 4_096;

/** Names that one pattern behind `as` may give. */
export const PATTERN_NAMES_MAX = 1_000;

/** Steps that a regular expression costs for each unit of its size, when it is compiled. */
export const STEPS_OF_REGEX_SIZE = 16;
