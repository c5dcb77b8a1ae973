import type { Written } from "./written.ts";

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

/** Keys and values of a Java properties file, in the order of its lines. */
export function parseProperties(file: string, text: string): readonly Written[] {
  const entries: Written[] = [];
  for (const { content, line } of logicalLines(text)) {
    const [, key = "", value = ""] = /^((?:\\.|[^\\\s=:])*)\s*[=:]?\s*(.*)$/s.exec(content) ?? [];
    entries.push({ key: unescaped(key), value: unescaped(value), file, line });
  }
  return entries;
}

/** Lines without comments and empty ones, each with its number; one that ends in a backslash goes on in the next. */
function* logicalLines(text: string): Iterable<{ readonly content: string; readonly line: number }> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = i + 1;
    let piece = (lines[i] ?? "").trimStart();
    if (piece === "" || piece.startsWith("#") || piece.startsWith("!")) continue;
    const pieces: string[] = [];
    while (/(?<!\\)(?:\\\\)*\\$/.test(piece) && i < lines.length - 1) {
      pieces.push(piece.slice(0, -1));
      i += 1;
      piece = (lines[i] ?? "").trimStart();
    }
    yield { content: pieces.join("") + piece, line };
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
    code === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
