/** A source of chance that begins anew with its seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}

const LEAVES = [
  ...([
    ".",
    ".",
    ".a?",
    ".b?",
    ".c?",
    ".a.b?",
    ".[0]?",
    ".[-1]",
    ".[1:]?",
    ".[:2]?",
    ".[]?",
    ".[]",
    ".a",
    ".b[]?",
  ] as const),
  ...([
    "..",
    "null",
    "true",
    "false",
    "0",
    "1",
    "-2",
    "0.5",
    "10",
    '"a"',
    '"b"',
    '"ab c"',
    "[]",
    "{}",
    "empty",
  ] as const),
] as const;

/** Functions that end on every input, and that do not show where versions of jq differ. */
const FUNCTIONS = [
  ...(["length", "not", "keys", "type", "add", "any", "all", "sort", "unique", "min", "max"] as const),
  ...(["tostring", "tojson", "to_entries", "flatten", "floor", "first", "last", "explode", "paths"] as const),
  ...(["ascii_downcase", "ascii_upcase", "values", "scalars", "objects", "arrays", "strings", "numbers"] as const),
  ...(["tostream", "transpose", "recurse", "keys_unsorted", "utf8bytelength", "@json", "@text"] as const),
  ...(["@base64", "@html", "@sh", "@uri", "error", "abs", "combinations"] as const),
] as const;

const FUNCTIONS_OF_FILTERS = [
  ...(["map", "select", "sort_by", "group_by", "unique_by", "min_by", "max_by", "map_values", "path"] as const),
  ...(["del", "first", "isempty", "any", "all", "paths", "walk", "error"] as const),
  ...(["has", "contains", "inside", "index", "indices", "join", "startswith", "ltrimstr", "split", "IN"] as const),
  ...(["getpath", "flatten", "range", "pick", "in", "nth", "last"] as const),
] as const;

const OPERATORS = [
  ...(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "//", ",", "|", "|", "|", "|"] as const),
] as const;

const UPDATES = ["=", "|=", "+=", "-=", "*=", "//="] as const;

const PATHS = [
  ...([".a", ".b", ".a.b", ".[0]", ".[]", ".[]?", ".[1:]", "..", ".c[]?", ".a, .b", ".[-1]"] as const),
  ...(["(.a | select(.))", "(.[]? | select(. != null))", "first(.[]?)", ".a[1:]", 'getpath(["a", "b"])'] as const),
] as const;

/** One output each: with more, jq 1.7 forgets its input behind the first (a slot of its stack is emptied). */
const STATES = ["null", "0", "[]", "{}", ".", '"a"', "[.[]?]"] as const;

/** A random program, nested at most so many levels; `names` are the variables in scope. */
export function randomProgram(chance: Chance, levels: number, names: readonly string[] = []): string {
  if (levels === 0) return leaf(chance, names);
  // Most programs of chance fail: half of what they are made of is therefore forgiven its errors.
  if (chance.below(2) === 0) return `(${randomComposite(chance, levels, names)})?`;
  return randomComposite(chance, levels, names);
}

function randomComposite(chance: Chance, levels: number, names: readonly string[]): string {
  const inner = (more: readonly string[] = names): string => randomProgram(chance, levels - 1, more);
  switch (chance.below(20)) {
    case 0:
      return leaf(chance, names);
    case 1:
    case 2:
      return `${inner()} | ${chance.pick(FUNCTIONS)}`;
    case 3:
    case 4:
    case 5:
      return `(${inner()}) | ${chance.pick(FUNCTIONS_OF_FILTERS)}(${inner()})`;
    case 6:
    case 7:
    case 8:
      return `(${inner()}) ${chance.pick(OPERATORS)} (${inner()})`;
    case 9:
      return `[${inner()}]`;
    case 10:
      return `{a: (${inner()}), ${chance.pick(["b", '"c d"', '"x\\(1 + 1)y"'])}: (${inner()})}`;
    case 11:
      return `if ${inner()} then ${inner()} else ${inner()} end`;
    case 12:
      return `try (${inner()}) catch ${chance.pick([".", '"caught"', "length"])}`;
    case 13:
      return `(${inner()}) as $x | ${inner([...names, "$x"])}`;
    case 14:
      return `(${inner()}) as ${chance.pick(["[$x, $y]", "{a: $x, $y}", "[$x] ?// $y", "{$x, b: [$y]}"])} | ${inner([...names, "$x", "$y"])}`;
    case 15:
      return `reduce (${inner()}) as $x (${chance.pick(STATES)}; ${inner([...names, "$x"])})`;
    case 16:
      return `[foreach (${inner()}) as $x (${chance.pick(STATES)}; ${inner([...names, "$x"])})]`;
    case 17:
      return `${chance.pick(PATHS)} ${chance.pick(UPDATES)} (${inner()})`;
    case 18:
      return `def f(g): ${inner()} | g; def h($x): ${inner([...names, "$x"])}; f(${inner()}), h(${inner()})`;
    default:
      return enclosed(chance, inner());
  }
}

function enclosed(chance: Chance, inner: string): string {
  switch (chance.below(6)) {
    case 0:
      return `[limit(2; ${inner})]`;
    case 1:
      return `label $out | (${inner}) | ., break $out`;
    case 2:
      return `[path(${chance.pick(PATHS)})], [path(${inner})]`;
    case 3:
      return `"<\\(${inner}) \\(${inner})>"`;
    case 4:
      return `[.[]? | (${inner})?]`;
    default:
      return `[(${inner}) | tojson | fromjson]`;
  }
}

/** A random JSON text, without names that look like positions: JavaScript puts those first. */
export function randomInput(chance: Chance, levels: number): string {
  const scalar = chance.pick(["null", "true", "false", "0", "1", "-1", "2.5", "10", '"a"', '"ab"', '"é"', '""']);
  if (levels === 0) return scalar;
  const inner = (): string => randomInput(chance, levels - 1);
  switch (chance.below(4)) {
    case 0:
      return scalar;
    case 1:
      return `[${Array.from({ length: chance.below(4) }, inner).join(",")}]`;
    default:
      return `{${["a", "b", "c", "d"]
        .filter(() => chance.below(3) > 0)
        .map((name) => `"${name}":${inner()}`)
        .join(",")}}`;
  }
}

function leaf(chance: Chance, names: readonly string[]): string {
  const [first, ...rest] = names;
  return first !== undefined && chance.below(3) === 0 ? chance.pick([first, ...rest]) : chance.pick(LEAVES);
}
