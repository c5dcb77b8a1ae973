// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${ … }` is how definitions mark an expression
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, parseJson } from "@antiphon/protocol";
import { type Bindings, type Evaluable, readExpression } from "../index.ts";

function read(text: string): Evaluable {
  const expression = readExpression(text, { language: "jsonpath", required: true });
  if (expression.kind === "program") return expression.program;
  throw expression.problem ?? new Error("blank");
}

const json = (path: string, input: Json = STORE, bindings?: Bindings): Json => read(path).json(input, bindings);
const text = (path: string, input: Json, bindings?: Bindings): string => read(path).text(input, bindings);
const truth = (path: string, input: Json): boolean => read(path).truth(input);

const STORE = {
  store: {
    book: [
      { category: "reference", author: "Rees", title: "Sayings", price: 8.95 },
      { category: "fiction", author: "Waugh", title: "Sword", price: 12.99 },
      { category: "fiction", author: "Melville", title: "Moby", isbn: "0-553", price: 8.99, tags: ["sea", "whale"] },
    ],
    bicycle: { color: "red", price: 19.95 },
  },
  limit: 10,
  "odd name": { "a.b": 1, "it's": 2 },
  none: null,
} satisfies Json;

test("a path leads over members and items", () => {
  assert.equal(json("$.store.bicycle.color"), "red");
  assert.equal(json("$['store']['bicycle'][\"color\"]"), "red");
  assert.equal(json("$.['store'].bicycle.['color']"), "red");
  assert.equal(json("$['odd name']['a.b']"), 1);
  assert.equal(json("$['odd name']['it\\'s']"), 2);
  assert.equal(json("$.store.book[0].title"), "Sayings");
  assert.equal(json("$.store.book[-1].title"), "Moby");
  assert.equal(json("$.none"), null);
  assert.equal(json("  $.limit  "), 10);
  assert.deepEqual(json("$"), STORE);
  assert.deepEqual(json("@.limit"), 10);
  assert.equal(json("limit"), 10);
});

test("several names at the end make an object of what is there, elsewhere each is followed", () => {
  assert.deepEqual(json("$.store.bicycle['color', 'gears', 'price']"), { color: "red", price: 19.95 });
  assert.deepEqual(json("$.store.book[*]['title','isbn']"), [
    { title: "Sayings" },
    { title: "Sword" },
    { title: "Moby", isbn: "0-553" },
  ]);
  assert.deepEqual(json("$.store['bicycle','car'].color"), ["red"]);
});

test("a path that may lead to many places yields an array, also of one or of none", () => {
  assert.deepEqual(json("$.store.book[*].author"), ["Rees", "Waugh", "Melville"]);
  assert.deepEqual(json("$.store.book[0, 2].author"), ["Rees", "Melville"]);
  assert.deepEqual(json("$.store.book[7,8].author"), []);
  assert.deepEqual(json("$.store.book[*].isbn"), ["0-553"]);
  assert.deepEqual(json("$.store.*.color"), ["red"]);
  assert.deepEqual(json("$.store.bicycle[*]"), ["red", 19.95]);
  assert.deepEqual(json("$.limit.*"), []);
});

test("a slice has the items from one position up to another", () => {
  const numbers = [0, 1, 2, 3, 4];
  assert.deepEqual(json("$[1:3]", numbers), [1, 2]);
  assert.deepEqual(json("$[3:]", numbers), [3, 4]);
  assert.deepEqual(json("$[:2]", numbers), [0, 1]);
  assert.deepEqual(json("$[-2:]", numbers), [3, 4]);
  assert.deepEqual(json("$[:-3]", numbers), [0, 1]);
  assert.deepEqual(json("$[7:9]", numbers), []);
});

test("two dots look everywhere below, the outer before the inner", () => {
  assert.deepEqual(json("$..price"), [8.95, 12.99, 8.99, 19.95]);
  assert.deepEqual(json(".author"), ["Rees", "Waugh", "Melville"]);
  assert.deepEqual(json("$..book[1].title"), ["Sword"]);
  assert.deepEqual(json("$..[?(@.price > 12)].price"), [12.99, 19.95]);
  assert.deepEqual(json("$..*", { a: { b: [1] } }), [{ b: [1] }, [1], 1]);
  assert.deepEqual(json("$..a", { a: { a: 1 }, b: [{ a: 2 }] }), [{ a: 1 }, 1, 2]);
  assert.deepEqual(json("$..['a','b']", { x: { a: 1, b: 2 }, y: { a: 3 } }), [{ a: 1, b: 2 }]);
  assert.deepEqual(json("$..missing"), []);
});

test("what is not where a path must lead is an error that shows the path", () => {
  const nothing = (path: string) => ({ name: "ExpressionError", message: `nothing is found at ${path}` });
  assert.throws(() => json("$.store.car"), nothing("$.store.car"));
  assert.throws(() => json("$.store.car.color"), nothing("$.store.car.color"));
  assert.throws(() => json("$.store.book[9]"), nothing("$.store.book[9]"));
  assert.throws(() => json("$.store.book.title"), nothing("$.store.book.title"));
  assert.throws(() => json("$.shop[*].title"), nothing("$.shop[*].title"));
  assert.throws(() => json("$.limit[?(@.a)]"), nothing("$.limit[?(@.a)]"));
});

test("a filter keeps the items for which its condition holds", () => {
  const titles = (condition: string): Json => json(`$.store.book[?(${condition})].title`);
  assert.deepEqual(titles("@.price < 9"), ["Sayings", "Moby"]);
  assert.deepEqual(titles("@.price >= $.limit"), ["Sword"]);
  assert.deepEqual(titles("@.isbn"), ["Moby"]);
  assert.deepEqual(titles("!@.isbn"), ["Sayings", "Sword"]);
  assert.deepEqual(titles("@.category == 'fiction' && @.price < 10"), ["Moby"]);
  assert.deepEqual(titles('@.category=="reference"||@.price>12'), ["Sayings", "Sword"]);
  assert.deepEqual(titles("!(@.category == 'fiction' || @.isbn)"), ["Sayings"]);
  assert.deepEqual(titles("@.category == 'reference' || @.category == 'fiction' && @.isbn"), ["Sayings", "Moby"]);
  assert.deepEqual(titles("@.isbn != null"), ["Sayings", "Sword", "Moby"]);
  assert.deepEqual(titles("@.isbn == null"), []);
  assert.deepEqual(titles("@.author =~ /.*e.*/"), ["Sayings", "Moby"]);
  assert.deepEqual(titles("@.author =~ /WAUGH/i"), ["Sword"]);
  assert.deepEqual(titles("@.author =~ /aug/"), []);
  assert.deepEqual(titles("@.tags =~ /wh.*/"), ["Moby"]);
  assert.deepEqual(titles("@.author in ['Rees', \"Melville\"]"), ["Sayings", "Moby"]);
  assert.deepEqual(titles("@.author nin ['Rees']"), ["Sword", "Moby"]);
  assert.deepEqual(titles("@.author IN $.authors"), []);
  assert.deepEqual(titles("@.tags subsetof ['sea', 'whale', 'ship']"), ["Moby"]);
  assert.deepEqual(titles("@.tags anyof ['whale']"), ["Moby"]);
  assert.deepEqual(titles("@.tags noneof ['ship']"), ["Moby"]);
  assert.deepEqual(titles("@.tags all ['sea']"), ["Moby"]);
  assert.deepEqual(titles("@.tags contains 'sea'"), ["Moby"]);
  assert.deepEqual(titles("@.title contains 'ob'"), ["Moby"]);
  assert.deepEqual(titles("@.tags size 2"), ["Moby"]);
  assert.deepEqual(titles("@.title size 5"), ["Sword"]);
  assert.deepEqual(titles("@.tags empty false"), ["Moby"]);
  assert.deepEqual(titles("@.tags.length() == 2"), ["Moby"]);
  assert.deepEqual(titles("@.tags[?(@ == 'sea')]"), ["Moby"]);
});

test("values in a filter are alike by their JSON, and a text of digits is like its number", () => {
  const found = (condition: string, item: Json): boolean => (json(`$[?(${condition})]`, [item]) as Json[]).length === 1;
  assert.ok(found("@ == 1.0", 1));
  assert.ok(found("@ == '1'", 1));
  assert.ok(found("@ == 1", "1"));
  assert.ok(!found("@ === 1", "1"));
  assert.ok(found("@ !== 1", "1"));
  assert.ok(found('@ == {"a": [1, null]}', { a: [1, null] }));
  assert.ok(found("@.a == @.b", { a: [1], b: [1] }));
  assert.ok(!found("@.a == @.b", {}));
  assert.ok(!found("@ < 2", "1"));
  assert.ok(found("@ < 'b'", "a"));
  assert.ok(!found("@ == true", "true"));
  assert.ok(found("@ == 12345678901234567891", parseJson("12345678901234567891")));
  assert.ok(!found("@ == 12345678901234567890", parseJson("12345678901234567891")));
});

test("a filter on an object asks the object itself, as SonataFlow's conditions do", () => {
  assert.deepEqual(json("$.[?(@.age >= 18)]", { age: 20 }), [{ age: 20 }]);
  assert.ok(truth("{{ $.[?(@.age >= 18)] }}", { age: 20 }));
  assert.ok(!truth("$.[?(@.age >= 18)]", { age: 17 }));
});

test("what is found is true if it is true, or an array that is not empty", () => {
  assert.ok(truth("$.yes", { yes: true }));
  assert.ok(!truth("$.yes", { yes: "true" }));
  assert.ok(truth("$.some", { some: [false] }));
  assert.ok(!truth("$.none", { none: [] }));
});

test("functions reckon with what stands before them, or in their parentheses", () => {
  const input = { n: [1, 2, 3, 4], t: ["a", "b"], o: { x: 1, y: 2 }, m: 10 };
  const results = [
    ["$.n.sum()", 10],
    ["$.n.min()", 1],
    ["$.n.max()", 4],
    ["$.n.avg()", 2.5],
    ["$.n.stddev()", 1.118033988749895],
    ["$.n.length()", 4],
    ["$.o.size()", 2],
    ["$.m.length()", null],
    ["$.o.keys()", ["x", "y"]],
    ["$.n.first()", 1],
    ["$.n.last()", 4],
    ["$.n.index(-2)", 3],
    ["$.t.concat('c', \"d\")", "abcd"],
    ["$.concat($.t, '-', $.t[0])", "ab-a"],
    ["$.n.append(5)", [1, 2, 3, 4, 5]],
    ["$.sum($.n, $.m)", 20],
    ["$.n[?(@ > $.n.avg())]", [3, 4]],
    ["$..x.sum()", 1],
    ["$..n.length()", 1],
    ["$.length($.n[?(@ > 1)])", 3],
  ] as const;
  assert.deepEqual(
    results.map(([path]) => [path, json(path, input)]),
    results,
  );
  assert.equal(json("$..price.max()"), 19.95);
  assert.throws(() => json("$.o.sum()", input), { message: "sum() found no number" });
  assert.throws(() => json("$.n.index(9)", input), { message: "index() finds nothing in an array of 4" });
});

test("variables are reached as `$NAME`, or as SonataFlow writes it, `$.$NAME`", () => {
  const bindings = { WORKFLOW: () => ({ instanceId: "i-1" }), CONST: { "a.b": [7], limit: 5 }, item: { id: 3 } };
  assert.equal(json("$WORKFLOW.instanceId", {}, bindings), "i-1");
  assert.equal(json("$.$WORKFLOW.instanceId", {}, bindings), "i-1");
  assert.equal(json('$CONST["a.b"][0]', {}, bindings), 7);
  assert.equal(json("$item.id", {}, bindings), 3);
  assert.deepEqual(json("$.n[?(@ > $CONST.limit)]", { n: [4, 6] }, bindings), [6]);
  assert.deepEqual(json("$.n[?(@ > @.$CONST.limit)]", { n: [{ v: 1 }] }, bindings), []);
  assert.equal(json("$.$WORKFLOW", { $WORKFLOW: "of the data" }, bindings), "of the data");
  // The variable of a foreach, as upstream's definitions write it; only at the root, and unless the data has that name.
  assert.equal(json("$.item.id", {}, bindings), 3);
  assert.deepEqual(json("$['item']['id', 'x']", {}, bindings), { id: 3 });
  assert.deepEqual(json("$.n[?(@.v == $.item.id)]", { n: [{ v: 1 }, { v: 3 }] }, bindings), [{ v: 3 }]);
  assert.equal(json("$.item.id", { item: { id: "of the data" } }, bindings), "of the data");
  assert.throws(() => json("$.a.item", { a: {} }, bindings), { message: "nothing is found at $.a.item" });
  assert.equal(text("$CONST.limit$WORKFLOW.instanceId", {}, bindings), "5i-1");
  assert.equal(text("$.name$CONST.limit", { name: "ä", name$CONST: 1 }, bindings), "ä5");
  assert.throws(() => json("$missing.a", {}, bindings), { message: "$missing has no value in this run" });
});

test("as a text, paths are read one by one, and what is no text is printed as Jackson prints it", () => {
  const input = { greeting: "Hello, ", name: "Ada", n: 1.5, none: null, list: [1, { a: [], b: {} }], empty: [] };
  assert.equal(text("$.greeting $.name", input), "Hello, Ada");
  assert.equal(text("$.greeting$.name$['n']", input), "Hello, Ada1.5");
  assert.equal(json("$.greeting $.name", input), "Hello, Ada");
  assert.equal(text("$.name $WORKFLOW.id", input, { WORKFLOW: { id: "w" } }), "Adaw");
  assert.equal(text("$.none", input), "null");
  assert.equal(text("$.empty", input), "[ ]");
  assert.equal(text("$.list", input), '[ 1, {\n  "a" : [ ],\n  "b" : { }\n} ]');
  assert.equal(text("$[?(@.name == 'Ada')].name", input), '[ "Ada" ]');
  assert.throws(() => text("$.greeting $.nobody", input), { message: "nothing is found at $.nobody" });
});
