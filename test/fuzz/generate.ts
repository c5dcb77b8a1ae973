import { Random } from "../chaos/random.ts";
import type { Piece } from "./corpus.ts";

/** Texts that readers have been known to trip over. */
const TEXTS = [
  "",
  " ",
  "\0",
  "\r\n",
  "\u202e",
  "\ud800",
  "\udfff",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "NaN",
  "%00",
  "%zz",
  "${ input }",
  "{{ . }}",
  "💩",
  "\ufeff",
  "..",
  "/",
  "x".repeat(5_000),
] as const;
/** Values as they are written: some are no JSON. */
const VALUES = [
  "null",
  "true",
  "0",
  "-0",
  "1e400",
  "9007199254740993",
  "NaN",
  "Infinity",
  "0x1",
  "01",
  ".5",
  "1.",
  '"x"',
  "[]",
  "{}",
  "[[]]",
  '{"__proto__":{"a":1}}',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
  "undefined",
  "",
] as const;
const NAMES = [
  "specversion",
  "id",
  "source",
  "type",
  "orderid",
  "data",
  "data_base64",
  "datacontenttype",
  "time",
  "subject",
  "kogitoprocrefid",
  "antiphoninstance",
  "antiphonhops",
  "__proto__",
  "constructor",
  "Order-Id",
  "",
] as const;

/** The most changes that are made to one event. */
const CHANGES_MAX = 4;

/** Events with a few things wrong with them, each the same whenever it is made from its seed. */
export function* mutatedEvents(seed: string, count: number): Generator<Piece> {
  for (let i = 0; i < count; i++) {
    const random = new Random(seed, i);
    yield { name: `generated from seed ${seed}/${i}`, bytes: damaged(random, Buffer.from(written(random))) };
  }
}

/** An event as text whose members are, for a part, others than they should be. */
function written(random: Random): string {
  const members = new Map<string, string>([
    ["specversion", '"1.0"'],
    ["id", JSON.stringify(`g-${random.between(0, 1_000_000)}`)],
    ["source", '"/fuzz"'],
    ["type", JSON.stringify(random.pick(["fuzz.answered", "fuzz.found", "fuzz.begun", "fuzz.unheard"]))],
    ["orderid", '"nobody"'],
    ["data", '{"order":{"id":"nobody"}}'],
  ]);
  for (let left = random.between(1, CHANGES_MAX); left > 0; left--) {
    const name = random.pick(NAMES);
    if (random.chance(0.2)) members.delete(name);
    else members.set(name, random.chance(0.5) ? random.pick(VALUES) : JSON.stringify(random.pick(TEXTS)));
  }
  const text = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  if (random.chance(0.1)) text.push(...text);
  return `{${text.join(random.chance(0.05) ? ";" : ",")}}`;
}

/** Now and then bytes are cut off, put in, or turned over. */
function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.between(0, bytes.length - 1);
  if (random.chance(0.1)) return bytes.subarray(0, at);
  if (random.chance(0.1))
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([random.between(0, 255)]), bytes.subarray(at)]);
  if (random.chance(0.2)) {
    const turned = Buffer.from(bytes);
    turned[at] = (turned[at] ?? 0) ^ (1 << random.between(0, 7));
    return turned;
  }
  return bytes;
}

/** Events that are too much of something; none is larger than `bytesMax`. */
export function hugeEvents(bytesMax: number): readonly Piece[] {
  const head = '{"specversion":"1.0","id":"huge","source":"/fuzz","type":"fuzz.answered"';
  const room = bytesMax - head.length - 100;
  const made = (name: string, text: string): Piece => ({
    name: `${name}, ${text.length} bytes`,
    bytes: Buffer.from(text),
  });
  const keys = (around: (members: string) => string): string =>
    around(Array.from({ length: Math.floor(room / 12) }, (_, i) => `"k${String(i).padStart(6, "0")}":0`).join(","));
  const depth = Math.floor(room / 12);
  return [
    made(
      "a great many attributes",
      keys((members) => `${head},${members}}`),
    ),
    made(
      "a great many keys in its data",
      keys((members) => `${head},"orderid":"none","data":{${members}}}`),
    ),
    made(
      "a great many keys that are one",
      `${head},"orderid":"none","data":{${'"k":0,'.repeat(Math.floor(room / 6))}"k":0}}`,
    ),
    made("arrays in arrays", `${head},"data":${"[".repeat(depth * 5)}${"]".repeat(depth * 5)}}`),
    made("objects in objects", `${head},"data":${'{"a":'.repeat(depth * 2)}0${"}".repeat(depth * 2)}}`),
    made("brackets that are never closed", `${head},"data":${"[".repeat(room)}`),
    made("one number", `${head},"orderid":"none","data":${"9".repeat(room)}}`),
    made("one text of escapes", `${head},"orderid":"none","data":"${"\\u0000".repeat(Math.floor(room / 6))}"}`),
    made("one attribute", `${head},"orderid":"${"x".repeat(room)}"}`),
    made(
      "a list of numbers with exponents",
      `${head},"orderid":"none","data":[${"1e1,".repeat(Math.floor(room / 4) - 1)}1]}`,
    ),
  ];
}

const MILLION = 1_000_000;

/** An event with a million attributes, no two of one name. */
export function millionKeys(): Buffer {
  const members = Array.from({ length: MILLION }, (_, i) => `"k${i}":0`);
  return Buffer.from(`{"specversion":"1.0","id":"million","source":"/fuzz","type":"fuzz.answered",${members.join()}}`);
}
