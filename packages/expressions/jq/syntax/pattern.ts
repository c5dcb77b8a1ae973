import { type Ast, literal, type Pattern, type PatternMember } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { readText } from "./text.ts";

/** `pattern ?// pattern ?// …` */
export function readPatterns(cursor: Cursor): readonly Pattern[] {
  const patterns: Pattern[] = [];
  do {
    patterns.push(readPattern(cursor));
  } while (cursor.skip("?//"));
  return patterns;
}

function readPattern(cursor: Cursor): Pattern {
  return cursor.nested(() => {
    if (cursor.token.kind === "variable") return { kind: "variable", name: cursor.take().text };
    if (cursor.skip("[")) {
      const items = readList(cursor, readPattern);
      cursor.expect("]");
      return { kind: "array", items };
    }
    if (cursor.skip("{")) {
      const members = readList(cursor, readMember);
      cursor.expect("}");
      return { kind: "object", members };
    }
    return cursor.fail("a pattern such as $name, [$first] or {name: $name}");
  });
}

function readMember(cursor: Cursor): PatternMember {
  if (cursor.token.kind === "variable") {
    const { text: variable } = cursor.take();
    return { key: literal(variable), variable, pattern: cursor.skip(":") ? readPattern(cursor) : null };
  }
  const key = readKey(cursor);
  cursor.expect(":");
  return { key, variable: null, pattern: readPattern(cursor) };
}

function readKey(cursor: Cursor): Ast {
  if (cursor.token.kind === "text") return readText(cursor, cursor.take(), null);
  if (!cursor.skip("(")) return literal(cursor.expectKind(["name", "keyword"], "the name of a member").text);
  const key = cursor.pipe(cursor);
  cursor.expect(")");
  return key;
}

function readList<T>(cursor: Cursor, read: (cursor: Cursor) => T): T[] {
  const list: T[] = [];
  do {
    list.push(read(cursor));
  } while (cursor.skip(","));
  return list;
}
