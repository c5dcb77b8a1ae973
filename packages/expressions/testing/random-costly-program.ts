import type { Json } from "@antiphon/protocol";
import type { Chance } from "./random-program.ts";

const LENGTH = 200_000;

/** Values that are as large as they may be without being outrageous, in all the ways that cost differently. */
export function largeOperands(): Json {
  const items = Array.from({ length: 4_000 }, (_, i) => (i * 7_919) % 4_001);
  return {
    ascii: "abcdefghij".repeat(LENGTH / 10),
    same: "a".repeat(LENGTH),
    part: `${"a".repeat(100)}b${"a".repeat(2_000)}`,
    other: "äöüß漢字😀é ".repeat(LENGTH / 10),
    words: "ab, Cd;".repeat(LENGTH / 7),
    signs: `"'&<>\\\t\n`.repeat(LENGTH / 8),
    padding: "=".repeat(LENGTH),
    digits: `${"1".repeat(LENGTH / 4)}x`,
    quotes: `nan"${'\\"'.repeat(LENGTH / 8)}`,
    json: JSON.stringify(items),
    numbers: items,
    texts: items.map((i) => `${"text ".repeat(20)}${i}`),
    long: Array.from({ length: 8 }, (_, i) => `${"abc".repeat(LENGTH / 16)}${i}`),
    rows: items.map((i) => ({ key: `k${i}`, value: i, name: "n", tags: [true, i % 2 === 0] })),
    truths: items.map(() => true),
    lies: items.map(() => false),
    object: Object.fromEntries(items.map((i) => [`k${i}`, i])),
    names: Array.from({ length: 40 }, (_, i) => `${"n".repeat(17_000)}${i}`),
    nested: Array.from({ length: 200 }).reduce<Json>((inner) => [inner, { a: inner === 0 ? 1 : 2 }], 0),
  };
}

const TEXTS = [
  ...([".ascii", ".same", ".other", ".words", ".signs", ".padding", ".digits", ".quotes", ".json"] as const),
  ...(['(.ascii + "x")', '(.ascii + "y")', '(.other + "é")', '(.same + "b")', "(.same | .[1:])", ".part"] as const),
  ...(['"x"', '"a"', '", "', '"é"', '""', '"\\(.ascii)z"', '(.long[0] + "1")', ".long[1]"] as const),
] as const;

const LISTS = [
  ...([".numbers", ".texts", ".long", ".rows", ".truths", ".lies", ".names", ".nested"] as const),
  ...(["[.ascii, .same]", "(.numbers | map(tostring))", '(.long | map(. + "z"))', "(.texts + .long)"] as const),
] as const;

const ANY = [...TEXTS, ...LISTS, ".object", ".", "null", "1"] as const;

const OF_TEXTS = [
  ...(["length", "utf8bytelength", "explode", "ascii_downcase", "ascii_upcase", "trim", "ltrim", "rtrim"] as const),
  ...(["tojson", "fromjson", "tonumber", "tostring", "@uri", "@html", "@sh", "@json", "@text", "ascii"] as const),
  ...(["@base64", "@base64d", "@base32", "@base32d", "explode | implode", 'strptime("%Y")', "test(.[:50])"] as const),
  ...([
    ".[10:-10]",
    ".[-3:]",
    ".[5:] | length",
    ". * 2 | length",
    "[., .] | @csv",
    "[., .] | @tsv",
    "{(.): 1}",
  ] as const),
  ...(['[match("\\\\b"; "g")] | length', '[scan("a")] | length', 'gsub("a"; "b")', 'sub("$"; "b")'] as const),
  ...([
    'test("(a|b)*c$")',
    'test("[ab]*a[ab]{200}c")',
    '[splits(", *")] | length',
    'ascii_downcase | test("Z")',
  ] as const),
  ...(['test("^(\\\\w+\\\\s?)+$")', 'test("a{0,300}x")', 'capture("(?<x>a+)$")', "error", "error?", "keys"] as const),
] as const;

const OF_LISTS = [
  ...(["length", "sort", "unique", "reverse", "add", "min", "max", "tojson", "flatten", "transpose"] as const),
  ...(["to_entries", "from_entries", "group_by(.)", "sort_by(.)", "unique_by(.)", "min_by(.)", "map(length)"] as const),
  ...([
    'join(",")',
    'join("\\u00e9")',
    "implode",
    "[paths] | length",
    "@csv",
    "@sh",
    "map(tojson)",
    "any",
    "all",
  ] as const),
  ...([
    "map({(.): 1})",
    "INDEX(.)",
    "first",
    "last(.[])",
    "del(.[5:])",
    "map(select(. == 1))",
    "[.[] as [$a] | $a]",
  ] as const),
  ...([
    "combinations",
    "[limit(5; .[])]",
    "to_entries | map(.key)",
    "with_entries(.)",
    "walk(.)",
    "[..] | length",
  ] as const),
] as const;

const OF_TWO_TEXTS = [
  ...(["$x < $y", "$x == $y", "$x != $y", "$x + $y", "$x / $y", "[$x, $y] | sort", "[$x, $y] | unique"] as const),
  ...(["$x | contains($y)", "$x | inside($y)", "$x | index($y)", "$x | rindex($y)", "$x | indices($y)"] as const),
  ...([
    "$x | startswith($y)",
    "$x | endswith($y)",
    "$x | ltrimstr($y)",
    "$x | rtrimstr($y)",
    "$x | split($y)",
  ] as const),
  ...(['"\\($x)-\\($y)"', "[$x, $y] | max", "[$x] | index($y)", "[$x] - [$y]", "{a: $x} == {a: $y}"] as const),
  ...([
    "[$x, $y] | join($y)",
    "{($x): 1} | has($y)",
    "{($x): 1}[$y]",
    "$x | test($y[:20])",
    "$x | split($y; null)",
  ] as const),
  ...([
    "[$x] | contains([$y])",
    "{a: $x} * {a: $y}",
    "[$x, $y] | group_by(.)",
    "$x | sub($y[:5]; $y)",
    "IN($x; $y)",
  ] as const),
] as const;

const OF_TWO = [
  ...(["$x + $y", "$x - $y", "$x == $y", "$x < $y", "$x | contains($y)", "$x | inside($y)", "$x | index($y)"] as const),
  ...([
    "$x | has($y)",
    "$x | getpath($y)",
    "$x | bsearch($y)",
    "[$x, $y] | unique",
    "[$x[]?, $y[]?] | length",
  ] as const),
  ...([
    "$x | indices($y)",
    "$x | delpaths($y)",
    "$x * $y",
    "$x | setpath([0]; $y)",
    "$x | .[$y]?",
    "$x // $y",
  ] as const),
] as const;

const PATHS = [
  ...([
    "$..*",
    "$..a",
    "$..key",
    "$.texts[?(@ == $.texts[0])]",
    "$.long[?(@ in $.long)]",
    "$.long[?(@ < $.ascii)]",
  ] as const),
  ...(["$.texts[?(@ contains 't 1')]", "$.long[?(@ contains $.part)]", "$.rows[?(@.key =~ /(k|K)+1/)]"] as const),
  ...([
    "$.texts[?(@ =~ /(\\w+ ?)+/)]",
    "$.rows[?(@.tags subsetof $.truths)]",
    "$.rows[?(@.value in $.numbers)]",
  ] as const),
  ...(["$.rows[*].key", "$.rows[?(@.value == '7')].length()", "$.texts.concat($.ascii)", "$.long $.ascii"] as const),
  ...(["$.names[?($.rows[?(@.value > 3)])]", "$.rows[0,0,0,0]['key','value']", "$.digits[?(@ == 1)]"] as const),
] as const;

/** A program that does something with large values, alone or again and again. */
export function randomCostlyProgram(chance: Chance): string {
  const body = randomBody(chance);
  switch (chance.below(5)) {
    case 0:
      return body;
    case 4:
      return chance.below(3) === 0 ? chance.pick(PATHS) : body;
    case 1:
      return `[range(1e6) as $i | (${body})?] | length`;
    case 2:
      return `reduce range(1e6) as $i (0; . + 1 | try (${chance.pick(TEXTS)} | ${chance.pick(OF_TEXTS)}) catch 1 | 0)`;
    default:
      return `last(range(1e6) as $i | (${body})?)`;
  }
}

function randomBody(chance: Chance): string {
  switch (chance.below(6)) {
    case 0:
    case 1:
      return `${chance.pick(TEXTS)} | ${chance.pick(OF_TEXTS)}`;
    case 2:
      return `${chance.pick(LISTS)} | ${chance.pick(OF_LISTS)}`;
    case 3:
    case 4:
      return `${chance.pick(TEXTS)} as $x | ${chance.pick(TEXTS)} as $y | ${chance.pick(OF_TWO_TEXTS)}`;
    default:
      return `${chance.pick(ANY)} as $x | ${chance.pick(ANY)} as $y | ${chance.pick(OF_TWO)}`;
  }
}
