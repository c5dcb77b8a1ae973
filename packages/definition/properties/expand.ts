/** How deep `${…}` may lead to further `${…}`. */
const EXPANSION_DEPTH_MAX = 16;

/** How long a value may become, in characters; what would make it longer stays as it is written. */
const VALUE_LENGTH_MAX = 64 * 1024;

/**
 * Fills `${NAME:default}` in the values: from `outside`, else from another value, else the default; what none of them
 * tells stays. A value that leads back to itself counts as not there.
 */
export function expandValues(
  values: ReadonlyMap<string, string>,
  outside: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const done = new Map<string, string>();
  const underWay = new Set<string>();

  function lookUp(name: string): string | undefined {
    const known = outside(name) ?? done.get(name);
    const text = values.get(name);
    if (known !== undefined || text === undefined) return known;
    if (underWay.has(name) || underWay.size === EXPANSION_DEPTH_MAX) return undefined;
    underWay.add(name);
    const value = fill(text, 0);
    underWay.delete(name);
    done.set(name, value);
    return value;
  }

  function fill(text: string, depth: number): string {
    let result = "";
    let rest = text;
    for (let open = rest.indexOf("${"); open >= 0; open = rest.indexOf("${")) {
      const close = closingBrace(rest, open + 2);
      if (close === undefined || depth === EXPANSION_DEPTH_MAX) break;
      const written = rest.slice(open, close + 1);
      const [name = "", ...fallback] = fill(written.slice(2, -1), depth + 1).split(":");
      const value = lookUp(name) ?? (fallback.length > 0 ? fallback.join(":") : written);
      const fits = result.length + open + value.length <= VALUE_LENGTH_MAX;
      result += rest.slice(0, open) + (fits ? value : written);
      rest = rest.slice(close + 1);
    }
    return result + rest;
  }

  return new Map([...values.keys()].map((name) => [name, lookUp(name) ?? ""]));
}

/** Where the brace closes that opened before `from`. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "{") depth += 1;
    if (text[i] === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return undefined;
}
