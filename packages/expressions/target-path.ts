const NAME = String.raw`\.(?:[A-Za-z_][A-Za-z_0-9]*|"[^"\\]*")`;
const NAMES_AT_END = new RegExp(`(?:${NAME})+$`);
const ANY_NAME = new RegExp(NAME, "g");

/**
 * The names that lead to where SonataFlow puts a value that is assigned to an expression: those at its end, as in
 * `.a.b`, counted from the root whatever stands before them, as in `.list | .[] | .name`; otherwise its last name. None
 * is the root.
 */
export function targetPath(source: string): readonly string[] {
  const atEnd = NAMES_AT_END.exec(source.trim())?.[0];
  const names = atEnd?.match(ANY_NAME) ?? source.match(ANY_NAME)?.slice(-1) ?? [];
  return names.map((name) => name.slice(1).replaceAll('"', ""));
}
