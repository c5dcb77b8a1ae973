import assert from "node:assert/strict";
import { test } from "node:test";
import { exactNumber, formatJson, type Json, parseJson } from "@antiphon/protocol";
import { type Bindings, compile, ExpressionError, ExpressionSyntaxError, type RunOptions } from "../index.ts";

/** The outputs of a program on a JSON text, written as JSON. */
function outputs(program: string, input = "null", bindings: Bindings = {}, options: RunOptions = {}): string {
  return compile(program, { variables: Object.keys(bindings) })
    .run(parseJson(input), bindings, options)
    .map(formatJson)
    .join(" ");
}

function failure(program: string, input = "null"): Json {
  try {
    compile(program).run(parseJson(input));
  } catch (error) {
    if (error instanceof ExpressionError) return error.value;
    throw error;
  }
  return "no error";
}

test("a program is compiled once and run as often as one likes", () => {
  const program = compile(".n + $by", { variables: ["by"] });
  assert.deepEqual([program.run({ n: 1 }, { by: 2 }), program.run({ n: 5 }, { by: 5 })], [[3], [10]]);
});

test("first stops at the first output, and is undefined if there is none", () => {
  assert.equal(compile('1, error("never")').first(null), 1);
  assert.equal(compile("empty").first(null), undefined);
  assert.equal(compile(".a").first({}), null);
});

test("a binding that is a function is called once, when it is read", () => {
  let calls = 0;
  const lazy = () => {
    calls++;
    return { a: 1 };
  };
  assert.equal(outputs("1", "null", { x: lazy }), "1");
  assert.equal(calls, 0);
  assert.equal(outputs("[$x.a, $x.a]", "null", { x: lazy }), "[1,1]");
  assert.equal(calls, 1);
});

test("a syntax error says what was found, what was expected, and where", () => {
  const cases: readonly (readonly [program: string, message: string, position: number])[] = [
    [".a b", "found 'b', expected an operator or the end (line 1, column 4)", 3],
    ["{a: 1", "found the end, expected '}' (line 1, column 6)", 5],
    ["if .a then 1", "found the end, expected 'end' (line 1, column 13)", 12],
    [".a |\n  | .b", "found '|', expected an expression (line 2, column 3)", 7],
    ['"abc', "found no '\"' to end the text that begins here (line 1, column 1)", 0],
    ['"\\q"', "found the invalid escape \\q (line 1, column 2)", 1],
    ["1 == 2 == 3", "found '==', expected parentheses around it (line 1, column 8)", 7],
    [". as [] | 1", "found ']', expected a pattern such as $name, [$first] or {name: $name} (line 1, column 7)", 6],
    ["nope(1; 2)", "found nope/2, which is not defined (line 1, column 1)", 0],
    ["1 + $x", "found $x, which is not defined (line 1, column 5)", 4],
    ["break $out", "found no label $out to break to (line 1, column 7)", 6],
    ["@nope", "found @nope, which is not a format (line 1, column 1)", 0],
    [". ~ 1", 'found "~", which begins no word of jq (line 1, column 3)', 2],
  ];
  for (const [program, message, position] of cases) {
    assert.throws(
      () => compile(program),
      (error) => {
        assert.ok(error instanceof ExpressionSyntaxError);
        assert.deepEqual([error.message, error.position], [message, position]);
        return true;
      },
    );
  }
});

test("errors of a run have jq's words, and carry jq's value", () => {
  assert.equal(failure(".a.b", '{"a": [1]}'), 'Cannot index array with string "b"');
  assert.equal(failure(".[]", "5"), "Cannot iterate over number (5)");
  assert.equal(failure("{} + 1"), "object ({}) and number (1) cannot be added");
  assert.equal(failure(". / 0", "1"), "number (1) and number (0) cannot be divided because the divisor is zero");
  assert.equal(failure("keys", '"a rather long text"'), 'string ("a rather l...) has no keys');
  assert.deepEqual(failure("error({code: 7})"), { code: 7 });
  assert.throws(() => compile("error({code: 7})").run(null), { message: '{"code":7} (not a string)' });
});

test("operators may stand in the values of an object, as in jq 1.8", () => {
  assert.equal(
    outputs('{double: .number * 2, slogan: .slogan + "!", any: .x // 0 | tostring}', '{"number": 2}'),
    '{"double":4,"slogan":"!","any":"0"}',
  );
});

test("a program with several outputs has all of them, the last loop outermost where jq has it so", () => {
  assert.equal(outputs("(1, 2) + (10, 20)"), "11 12 21 22");
  assert.equal(outputs("{a: (1, 2), b: (3, 4)} | [.a, .b]"), "[1,3] [1,4] [2,3] [2,4]");
  assert.equal(outputs('"\\(1, 2) \\(3, 4)"'), '"1 3" "2 3" "1 4" "2 4"');
  assert.equal(outputs("[range(0, 1; 3, 4)]"), "[0,1,2,0,1,2,3,1,2,1,2,3]");
});

test("`?` forgives one access alone, and `try` no error of what comes behind it", () => {
  assert.equal(outputs(".a[]?", '{"a": 1}'), "");
  assert.equal(failure(".a.b?", "1"), 'Cannot index number with string "a"');
  assert.equal(failure('try 1 | error("later")'), "later");
  assert.equal(failure('(1 // error("x")) | error("y")'), "y");
});

test("functions recurse, take closures, and see the names around them", () => {
  assert.equal(outputs("def fac: if . < 2 then 1 else . * (. - 1 | fac) end; [range(6) | fac]"), "[1,1,2,6,24,120]");
  assert.equal(outputs("def f(g; $x): g + $x; 10 as $y | f(. + $y; 100)", "1"), "111");
  assert.equal(outputs("def a: 1; def b: a; def a: 2; [a, b]"), "[2,1]");
  assert.equal(outputs("def twice(f): f | f; twice(.[])", "[[1, 2], [3]]"), "1 2 3");
});

test("assignments change what paths lead to, and make what is missing", () => {
  assert.equal(outputs(".a.b = 1 | .c[1] = 2", '{"a": {"x": 0}}'), '{"a":{"x":0,"b":1},"c":[null,2]}');
  assert.equal(outputs(".items[] |= (.n += 1)", '{"items": [{"n": 1}, {"n": 2}]}'), '{"items":[{"n":2},{"n":3}]}');
  assert.equal(outputs("(.[] | select(. > 1)) |= empty", "[1, 2, 3]"), "[1]");
  assert.equal(outputs("(.a // .b) |= 5", '{"b": 1}'), '{"b":5}');
  assert.equal(outputs("(.a | select(. != null)) = 1", "{}"), "{}");
  assert.equal(outputs(".[] = null", '{"a": 1}'), '{"a":null}');
  assert.equal(outputs("del(.a, .b[0, -1])", '{"a": 1, "b": [1, 2, 3]}'), '{"b":[2]}');
  assert.equal(outputs(".a += (1, 2)", '{"a": 1}'), '{"a":2} {"a":3}');
});

test("the input is never changed", () => {
  const input = Object.freeze({ a: Object.freeze([Object.freeze({ n: 1 })]) });
  assert.deepEqual(compile(".a[0].n = 2 | .a += [3] | del(.b)").run(input), [{ a: [{ n: 2 }, 3] }]);
  assert.deepEqual(input, { a: [{ n: 1 }] });
});

test("a number that passes through keeps its digits", () => {
  const id = '{"id": 12345678901234567890, "price": 68.00}';
  assert.equal(outputs(".id", id), "12345678901234567890");
  assert.equal(outputs("{x: .id} + {y: .price} | [.x, .y] | sort", id), "[68.00,12345678901234567890]");
  assert.equal(outputs(".id |= . | .new = .price", id), '{"id":12345678901234567890,"price":68.00,"new":68.00}');
  assert.equal(
    outputs('"\\(.id) \\(.price)", tojson', id),
    '"12345678901234567890 68.00" "{\\"id\\":12345678901234567890,\\"price\\":68.00}"',
  );
  assert.equal(
    outputs("{a: 1.50, b: 100000000000000000001, c: 1e3, d: .5}"),
    '{"a":1.50,"b":100000000000000000001,"c":1000,"d":0.5}',
  );
  assert.deepEqual(compile(".x").run({ x: exactNumber("1.0") }), [exactNumber("1.0")]);
});

test("a number that is reckoned with is a double", () => {
  assert.equal(
    outputs(".id + 0, .price * 2", '{"id": 12345678901234567890, "price": 68.00}'),
    "12345678901234567000 136",
  );
  assert.equal(outputs("-(1.0), (1.0 | floor), ([1.0, 2.0] | add)"), "-1 1 3");
  assert.equal(outputs(".[1.0], .[:1.0]", "[1, 2]"), "2 [1]");
});

test("numbers are compared by value, down to the last digit", () => {
  assert.equal(
    outputs(".[0] == .[1], .[0] > .[1], .[0] == .[2]", "[13911860366432393, 13911860366432392, 13911860366432393]"),
    "false true true",
  );
  assert.equal(outputs("[1.0 == 1, 1.50 == 1.5, 1e400 > 1e399, -0.0 == 0, 1.00 == 1.0]"), "[true,true,true,true,true]");
  assert.equal(outputs("unique", "[2.0, 1.00, 2, 1]"), "[1.00,2.0]");
});

test("outputs are JSON: not-a-number is null, an infinity the largest number, and zero has no sign", () => {
  assert.equal(
    outputs("[nan, infinite, -infinite, {a: nan}]"),
    '[null,1.7976931348623157e+308,-1.7976931348623157e+308,{"a":null}]',
  );
  assert.equal(outputs("-0, 0 * -1, (-0.4 | round)"), "0 0 0");
  assert.ok(Object.is(compile("0 * -1").first(null), 0));
  assert.equal(outputs("[nan < nan, nan == nan, ([nan, 1] | min)]"), "[true,false,null]");
});

test("texts are counted and cut by code points", () => {
  assert.equal(
    outputs("length, utf8bytelength, .[1:3], explode[1], (explode | implode)", '"é😀b"'),
    '3 7 "😀b" 128512 "é😀b"',
  );
  assert.equal(outputs('indices("b"), index("é")', '"ébé"'), "[2] 0");
  assert.equal(outputs("sort", '["\uffff", "😀", "a"]'), '["a","\uffff","😀"]');
});

test("formats write values into texts", () => {
  assert.equal(
    outputs('@html "<\\(.)>", @uri, @sh, @base64, (@base64 | @base64d), @base32, (@base32 | @base32d)', '"a&é\'"'),
    '"<a&amp;é&apos;>" "a%26%C3%A9%27" "\'a&é\'\\\\\'\'\'" "YSbDqSc=" "a&é\'" "METMHKJH" "a&é\'"',
  );
  assert.equal(
    outputs("@csv, @tsv, @json, @text", '[1, "a\\"b", null, true, 1.50]'),
    '"1,\\"a\\"\\"b\\",,true,1.50" "1\\ta\\"b\\t\\ttrue\\t1.50" "[1,\\"a\\\\\\"b\\",null,true,1.50]" "[1,\\"a\\\\\\"b\\",null,true,1.50]"',
  );
});

test("regular expressions match, capture, split and replace", () => {
  assert.equal(outputs('test("B"; "i"), test("^\\\\w+$")', '"zoëb"'), "true true");
  assert.equal(
    outputs('match("(?<x>b)|c"; "g") | [.offset, .length, .string, .captures[0].name, .captures[0].string]', '"😀bc"'),
    '[1,1,"b","x","b"] [2,1,"c","x",null]',
  );
  assert.equal(outputs('capture("(?<year>\\\\d+)-(?<month>\\\\d+)")', '"2026-11"'), '{"year":"2026","month":"11"}');
  assert.equal(
    outputs('[splits(", *")], split(", *"; null), [scan("[a-z]")]', '"a, b,c"'),
    '["a","b","c"] ["a","b","c"] ["a","b","c"]',
  );
  assert.equal(
    outputs('gsub("(?<d>[0-9])"; "<\\(.d)>"), sub("[0-9]"; "x", "y"), gsub("z"; "")', '"a1b2"'),
    '"a<1>b<2>" "axb2" "ayb2" "a1b2"',
  );
  assert.equal(
    outputs(
      'test("a b # comment"; "x"), test("a.b"), test("a.b"; "p"), test("\\\\h{2}[[:alpha:]]\\\\u00e9")',
      '"a\\nb"',
    ),
    "false false true false",
  );
});

test("a long list is split without hitting a limit", () => {
  const list = JSON.stringify(Array.from({ length: 5_000 }, (_, i) => `item ${i}`).join(", "));
  assert.equal(outputs('[splits(", *")] | length', list), "5000");
  assert.equal(outputs('gsub(" "; "_") | length', list), outputs("length", list));
});

test("dates are calendar arithmetic, in UTC", () => {
  assert.equal(
    outputs("gmtime, todate, (gmtime | mktime)", "1425599621"),
    '[2015,2,5,23,53,41,4,63] "2015-03-05T23:53:41Z" 1425599621',
  );
  assert.equal(outputs("fromdate", '"2015-03-05T23:51:47Z"'), "1425599507");
  assert.equal(
    outputs('strftime("%A, %B %d, %Y %j %V %G %I%p %s")', "1735689599"),
    '"Tuesday, December 31, 2024 366 01 2025 11PM 1735689599"',
  );
  assert.equal(outputs('strptime("%d %b %Y %H:%M:%S") | todate', '"29 Feb 2000 01:02:03"'), '"2000-02-29T01:02:03Z"');
  assert.equal(outputs("todate", "-62135596800"), '"1-01-01T00:00:00Z"');
  assert.equal(failure("fromdate", '"yesterday"'), 'date "yesterday" does not match format "%Y-%m-%dT%H:%M:%SZ"');
});

test("the time and the time zone are the host's, and errors without it", () => {
  assert.equal(outputs("now", "null", {}, { now: () => 1_500 }), "1.5");
  assert.equal(failure("now"), "now is not available: this run was given no clock");
  const inParis = { localOffsetMs: () => 3_600_000 };
  assert.equal(outputs('localtime, strflocaltime("%H:%M %z")', "0", {}, inParis), '[1970,0,1,1,0,0,4,0] "01:00 +0100"');
  assert.equal(failure("localtime", "0"), "local time is not available: this run was given no time zone");
});

test("entries make objects, and objects entries", () => {
  assert.equal(outputs("with_entries(.value += 1)", '{"a": 1}'), '{"a":2}');
  assert.equal(
    outputs("from_entries", '[{"name": "a", "Value": 1}, {"key": "b"}, {"Name": "c", "value": false}]'),
    '{"a":1,"b":null,"c":false}',
  );
});

test("reduce, foreach, limit, label and destructuring do as jq does", () => {
  assert.equal(outputs("reduce .[] as [$a, {b: $b}] (0; . + $a * $b)", '[[1, {"b": 2}], [3, {"b": 4}]]'), "14");
  assert.equal(outputs("[foreach range(5) as $i (0; . + $i; [$i, .])] | last"), "[4,10]");
  assert.equal(outputs("[label $out | range(10) | if . > 3 then break $out else . end]"), "[0,1,2,3]");
  assert.equal(outputs(".[] as [$a] ?// {a: $a} ?// $a | [$a]", '[[1], {"a": 2}, 3]'), "[1] [2] [3]");
  assert.equal(
    outputs("[limit(2; 1, 2, error)], first(5, error), nth(1; 1, 2, error), isempty(empty)"),
    "[1,2] 5 2 true",
  );
});

test("what jq 1.7.1 refuses is refused, in its words", () => {
  for (const [program, input, message] of [
    ["reverse", "äb", "Cannot index string with number"],
    ["reverse", { a: 1 }, "Cannot index object with number"],
    ["reverse", true, "boolean (true) has no length"],
    ["from_entries", [{ key: null, value: 1 }], "Cannot use null (null) as object key"],
    ["from_entries", [{ key: 7, value: 1 }], "Cannot use number (7) as object key"],
    ["from_entries", [{ key: false }], "Cannot use null (null) as object key"],
    ["from_entries", [{ k: "a", v: 1 }], "Cannot use null (null) as object key"],
    ["with_entries(.)", ["a"], "Cannot use number (0) as object key"],
    ["path(last(.[]))", [1, 2], "Invalid path expression with result 2"],
    ["last(.[]) = 3", [1, 2], "Invalid path expression with result 2"],
  ] as const satisfies readonly (readonly [string, Json, string])[]) {
    assert.throws(() => compile(program).run(input), { name: "ExpressionError", message }, program);
  }
  for (const program of ["f? as $v | $v", "(1 | error)? as $v | $v", ".a?? as $v | $v", "reduce error? as $v (0; 1)"]) {
    const defined = program.startsWith("f") ? `def f: 1; ${program}` : program;
    assert.throws(() => compile(defined), { message: /found 'as', expected parentheses/ }, program);
  }
  for (const program of ["error?.a", "error?[0]", "(1)?.a"])
    assert.throws(() => compile(program), ExpressionSyntaxError);
});

test("what jq 1.7.1 takes is taken", () => {
  for (const [program, input, outputs] of [
    ["reverse", "", [[]]],
    ["reverse", null, [[]]],
    ["reverse", 0, [[]]],
    ["from_entries", [{ Key: "a", Value: 1 }, { name: "b", value: null }, { Name: "ä" }], [{ a: 1, b: null, ä: null }]],
    [".x? as $v | $v", 5, []],
    [".x[]? as $v | $v", { x: [1, 2] }, [1, 2]],
    ["((error)?) as $v | $v", 5, []],
    ["reduce .[]? as $v (0; . + $v)", [1, 2], [3]],
  ] as const satisfies readonly (readonly [string, Json, readonly Json[]])[]) {
    assert.deepEqual(compile(program).run(input), outputs, program);
  }
});

test("a ? may stand directly before //, where no pattern is before it", () => {
  for (const [program, input, outputs] of [
    ['.name?//"nobody"', {}, ["nobody"]],
    ['.name?//"nobody"', { name: "Ada" }, ["Ada"]],
    [".a?//.b?//3", { b: 2 }, [2]],
    ["[.[]?]?//4", 1, [[]]],
    [".a?//=2", {}, [{ a: 2 }]],
    ["error?//5", "x", [5]],
    ['"\\(.a?//1)"', {}, ["1"]],
    [".[] as [$a]?//$a | $a", [[1]], [1]],
    [".a?//[2] as [$b]?//$b | $b", {}, [2]],
  ] as const satisfies readonly (readonly [string, Json, readonly Json[]])[]) {
    assert.deepEqual(compile(program).run(input), outputs, program);
  }
  assert.throws(() => compile(". as $a ?//= 1"), ExpressionSyntaxError);
});
