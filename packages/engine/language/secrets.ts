import type { Json } from "@antiphon/protocol";
import { setOwn } from "../data/merge.ts";

const NAMED = /\$SECRET((?:\s*\.\s*(?:[A-Za-z_]\w*|"[^"\\]*")|\s*(?:\.\s*)?\[\s*(?:"[^"\\]*"|'[^'\\]*')\s*\])+)/g;
const STEP = /[A-Za-z_]\w*|"[^"]*"|'[^']*'/g;

/**
 * The value of `$SECRET` for an expression: just the secrets that it names, for nobody can list them all. The path
 * `$SECRET.a.b` and the single names `$SECRET."a.b"` and `$SECRET["a.b"]` are all the property `a.b`; a missing one is
 * null.
 */
export function secretsIn(source: string): (secret: (path: string) => string | null) => Json {
  const paths = [...source.matchAll(NAMED)].map(([, steps = ""]) =>
    [...steps.matchAll(STEP)].map(([step]) => (/^["']/.test(step) ? step.slice(1, -1) : step)),
  );
  return (secret) => {
    const secrets: Record<string, Json> = {};
    for (const path of paths) put(secrets, path, secret(path.join(".")));
    return secrets;
  };
}

function put(object: Record<string, Json>, [name, ...rest]: readonly string[], value: string | null): void {
  if (name === undefined) return;
  if (rest.length === 0) {
    setOwn(object, name, value);
    return;
  }
  const found = Object.hasOwn(object, name) ? object[name] : undefined;
  const below: Record<string, Json> = typeof found === "object" && found !== null ? { ...(found as object) } : {};
  setOwn(object, name, below);
  put(below, rest, value);
}
