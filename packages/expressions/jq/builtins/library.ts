/** Functions that are best said in jq itself, by name and number of arguments. Parsed when a program calls them. */
export const LIBRARY: Readonly<Record<string, string>> = {
  "map_values/1": "def map_values(f): .[] |= f;",
  "recurse/2": "def recurse(f; condition): recurse(f | select(condition));",
  "walk/1": `def walk(f):
    def inner: if type == "object" then map_values(inner) elif type == "array" then map(inner) else . end | f;
    inner;`,
  "in/1": "def in(container): . as $key | container | has($key);",
  "inside/1": "def inside(whole): . as $part | whole | contains($part);",
  "nth/2": `def nth($n; f):
    if $n < 0 then error("nth doesn't support negative indices") else first(skip($n; f)) end;`,
  "add/1": "def add(f): [f] | add;",
  "pick/1": "def pick(f): . as $whole | reduce path(f) as $path (null; setpath($path; $whole | getpath($path)));",
  "paths/0": "def paths: path(..) | select(length > 0);",
  "paths/1": "def paths(f): path(.. | select(f)) | select(length > 0);",
  "leaf_paths/0": "def leaf_paths: paths(scalars);",
  "with_entries/1": "def with_entries(f): to_entries | map(f) | from_entries;",
  "combinations/0": `def combinations:
    if length == 0 then [] else .[0][] as $first | (.[1:] | combinations) as $rest | [$first] + $rest end;`,
  "combinations/1": "def combinations(n): . as $items | [range(n) | $items] | combinations;",
  "tostream/0": `def tostream: path(def below: (.[]? | below), .; below) as $path
    | getpath($path) | reduce path(.[]?) as $last ([$path, .]; [$path + $last]);`,
  "fromstream/1": `def fromstream(events):
    {value: null, complete: false} as $nothing
    | foreach events as $event ($nothing;
        (if .complete then $nothing else . end)
        | if $event | length == 2
          then {complete: ($event[0] | length == 0), value: (.value | setpath($event[0]; $event[1]))}
          else .complete = ($event[0] | length == 1) end;
        if .complete then .value else empty end);`,
  "truncate_stream/1": `def truncate_stream(events): . as $depth | null | events | . as $event
    | if ($event[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;`,
  "IN/1": "def IN(values): any(values == .; .);",
  "IN/2": "def IN(source; values): any(source == values; .);",
  "INDEX/2": "def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);",
  "INDEX/1": "def INDEX(key): INDEX(.[]; key);",
  "JOIN/2": "def JOIN($index; key): [.[] | [., $index[key]]];",
  "JOIN/3": "def JOIN($index; rows; key): rows | [., $index[key]];",
  "JOIN/4": "def JOIN($index; rows; key; join): rows | [., $index[key]] | join;",
  "ascii/0": "def ascii: [.] | implode;",
  "finites/0": "def finites: select(isinfinite or isnan | not);",
  "normals/0": "def normals: select(isnormal);",
  "todate/0": 'def todate: strftime("%Y-%m-%dT%H:%M:%SZ");',
  "fromdate/0": 'def fromdate: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;',
  "todateiso8601/0": 'def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");',
  "fromdateiso8601/0": 'def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;',
  "date/0": "def date: todate;",
  "dateadd/2": "def dateadd(unit; amount): . + amount;",
  "datesub/2": "def datesub(unit; amount): . - amount;",
};
