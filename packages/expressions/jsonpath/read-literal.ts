import type { Json } from "@antiphon/protocol";
import { numberFromDigits } from "../jq/values/decimal.ts";
import { type Members, setMember } from "../jq/values/kinds.ts";
import type { Cursor } from "./cursor.ts";

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(?:true|false|null)(?![\w$])/y;
const WORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const QUOTED = { "'": /'(?:\\[\s\S]|[^'\\])*'/y, '"': /"(?:\\[\s\S]|[^"\\])*"/y };
const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Reads JSON in a path, in which texts may stand in single quotes as well. */
export function readLiteral(cursor: Cursor): Json {
  cursor.blanks();
  const { here } = cursor;
  if (here === "'" || here === '"') return readQuoted(cursor);
  if (cursor.skip("[")) return cursor.nested(() => readItems(cursor));
  if (cursor.skip("{")) return cursor.nested(() => readMembers(cursor));
  const digits = cursor.take(NUMBER);
  if (digits !== undefined) return numberFromDigits(digits);
  const word = cursor.take(WORD);
  return word === undefined ? cursor.fail("a path or a value") : (WORDS[word] ?? null);
}

/** Reads a text in quotes of either kind; a backslash takes what follows as it is, or as JSON does. */
export function readQuoted(cursor: Cursor): string {
  const quote = cursor.here === "'" ? "'" : '"';
  const quoted = cursor.take(QUOTED[quote]);
  if (quoted === undefined) return cursor.fail(`a text that ends with ${quote}`);
  return quoted
    .slice(1, -1)
    .replace(/\\(?:u([\da-fA-F]{4})|([\s\S]))/g, (_, code?: string, one = "") =>
      code === undefined ? (CONTROLS[one] ?? one) : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

function readItems(cursor: Cursor): Json {
  const items: Json[] = [];
  cursor.blanks();
  if (cursor.skip("]")) return items;
  do {
    items.push(readLiteral(cursor));
    cursor.blanks();
  } while (cursor.skip(","));
  cursor.expect("]");
  return items;
}

function readMembers(cursor: Cursor): Json {
  const members: Members = {};
  cursor.blanks();
  if (cursor.skip("}")) return members;
  do {
    cursor.blanks();
    const name = readQuoted(cursor);
    cursor.blanks();
    cursor.expect(":");
    setMember(members, name, readLiteral(cursor));
    cursor.blanks();
  } while (cursor.skip(","));
  cursor.expect("}");
  return members;
}
