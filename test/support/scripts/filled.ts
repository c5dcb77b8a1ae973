/** What texts of a script may refer to, `${instance}` and `${asked.member}`. */
export type Variables = ReadonlyMap<string, unknown>;

const WHATEVER = "${any}";

/**
 * An expected value with its variables filled in, and in each place that may be whatever it is (`${any}`) what was found
 * there: so that a comparison tells only what is wrong.
 */
export function filled(expected: unknown, variables: Variables, found?: unknown): unknown {
  if (expected === WHATEVER) return found;
  if (typeof expected === "string") return textWith(expected, variables);
  if (Array.isArray(expected)) {
    return expected.map((item, i) => filled(item, variables, Array.isArray(found) ? found[i] : undefined));
  }
  if (typeof expected !== "object" || expected === null) return expected;
  const members: Readonly<Record<string, unknown>> = typeof found === "object" && found !== null ? { ...found } : {};
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [name, filled(value, variables, members[name])]),
  );
}

/** A text whose variables are filled in; throws if it refers to one that is not known yet. */
export function textWith(text: string, variables: Variables): string {
  return text.replace(/\$\{([a-z][\w.-]*)\}/gi, (whole, path: string) => {
    if (whole === WHATEVER) return whole;
    const [name = "", ...members] = path.split(".");
    let value = variables.get(name);
    for (const member of members) value = (value as Record<string, unknown> | undefined)?.[member];
    if (value === undefined) throw new Error(`${whole}: expected one of ${[...variables.keys()].join(", ")}`);
    return String(value);
  });
}
