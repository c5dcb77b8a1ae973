const ESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f" };

/** Keys and values of a Java properties text, in the order of its lines. */
export function parseProperties(text: string): readonly (readonly [key: string, value: string])[] {
  const entries: [string, string][] = [];
  for (const line of logicalLines(text)) {
    const [, key = "", value = ""] = /^((?:\\.|[^\\\s=:])*)\s*[=:]?\s*(.*)$/s.exec(line) ?? [];
    entries.push([unescaped(key), unescaped(value)]);
  }
  return entries;
}

/** Lines without comments and empty ones; one that ends in a backslash goes on in the next. */
function* logicalLines(text: string): Iterable<string> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i += 1) {
    let piece = (lines[i] ?? "").trimStart();
    if (piece === "" || piece.startsWith("#") || piece.startsWith("!")) continue;
    const pieces: string[] = [];
    while (/(?<!\\)(?:\\\\)*\\$/.test(piece) && i < lines.length - 1) {
      pieces.push(piece.slice(0, -1));
      i += 1;
      piece = (lines[i] ?? "").trimStart();
    }
    yield pieces.join("") + piece;
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-fA-F]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
    code === undefined ? (ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
