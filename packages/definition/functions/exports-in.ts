/** How long a list of names between braces may be. */
const LIST = /\bexport\s*\{([^{}]{0,5000})\}/g;
const DECLARATION =
  /\bexport\s+(?:async\s+)?(?:function\b(?:\s*\*)?|const\b|let\b|var\b|class\b)\s*([\p{L}_$][\p{L}\p{N}_$]*)/gu;

/** Exports that cannot be told from the text: all of another module's, those of CommonJS, and several of one `const`. */
const UNKNOWN = /\bexport\s*\*|\bexports\b|\bexport\s+(?:const|let|var)\s*(?:[{[]|[^;\n({]{0,200},)/;

/** What a module exports, as far as its text tells it; undefined: it does not. */
export function exportsIn(text: string): ReadonlySet<string> | undefined {
  if (UNKNOWN.test(text)) return undefined;
  const names = new Set<string>();
  if (/\bexport\s+default\b/.test(text)) names.add("default");
  for (const [, name = ""] of text.matchAll(DECLARATION)) names.add(name);
  for (const [, list = ""] of text.matchAll(LIST)) {
    for (const part of list.split(",")) {
      const [, name] = /([\p{L}_$][\p{L}\p{N}_$]*)\s*$/u.exec(part) ?? [];
      if (name !== undefined && !/^\s*type\s/.test(part)) names.add(name);
    }
  }
  return names;
}
