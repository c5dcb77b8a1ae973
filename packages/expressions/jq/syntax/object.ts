import { type Ast, IDENTITY, literal, type Member } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { readText } from "./text.ts";
import type { Token } from "./token.ts";

/** `{name: value, name, "name", $name, @format "text", (key): value}`, the brace already taken. */
export function readObject(cursor: Cursor): Ast {
  const members: Member[] = [];
  while (!cursor.skip("}")) {
    members.push(readMember(cursor));
    if (cursor.skip(",")) continue;
    cursor.expect("}");
    break;
  }
  return { kind: "object", members };
}

function readMember(cursor: Cursor): Member {
  const { token } = cursor;
  switch (token.kind) {
    case "variable": {
      cursor.take();
      const variable = readVariable(cursor, token);
      if (variable.kind === "literal" || !cursor.is(":")) return { key: literal(token.text), value: variable };
      return withValue(cursor, variable);
    }
    case "name":
    case "keyword":
      cursor.take();
      return withValue(cursor, literal(token.text));
    case "text":
      cursor.take();
      return withValue(cursor, readText(cursor, token, null));
    case "format": {
      cursor.take();
      const format = { name: token.text, position: token.position };
      const text = cursor.token;
      if (text.kind !== "text") return withValue(cursor, { kind: "format", format });
      cursor.take();
      return withValue(cursor, readText(cursor, text, format));
    }
    case "operator":
      if (token.text === "(") return readComputed(cursor);
      break;
    case "field":
    case "number":
    case "end":
      break;
  }
  return cursor.fail("the name of a member or '}'");
}

/** `$name`, or the place in the source that `$__loc__` stands for. */
export function readVariable(cursor: Cursor, token: Token): Ast {
  if (token.text === "__loc__") return literal({ file: "<top-level>", line: cursor.lineOf(token) });
  return { kind: "variable", name: token.text, position: token.position };
}

function readComputed(cursor: Cursor): Member {
  cursor.expect("(");
  const { token } = cursor;
  const key = cursor.pipe(cursor);
  cursor.expect(")");
  if (key.kind === "literal" && typeof key.value !== "string") cursor.fail("a text as the name of a member", token);
  if (!cursor.is(":")) cursor.fail("':'");
  return withValue(cursor, key);
}

/** Without a value, the member is the input's of the same name. */
function withValue(cursor: Cursor, key: Ast): Member {
  if (cursor.skip(":")) return { key, value: cursor.pipe(cursor, false) };
  return { key, value: { kind: "index", target: IDENTITY, key, lenient: false } };
}
