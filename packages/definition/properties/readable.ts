import { environmentIn, profilesIn } from "./profiles.ts";

/** Variables by which whoever runs the machine configures what properties do. */
const CONFIGURING = /^(?:QUARKUS|MP|KOGITO|SONATAFLOW)[_.]|^ANTIPHON[_.](?:COMPATIBILITY$|EVENTS[_.]|KNATIVE[_.])/i;

/** The machine's own, among which are its secrets. */
const OWN = /^ANTIPHON[_.]/i;

/** What Knative tells every container: the address of its sink. Projects of SonataFlow name it in their properties. */
const INJECTED = "K_SINK";

/** An environment by what it is good for. */
export interface Surroundings {
  /** Sets and overrides properties; nobody reads it but what is configured by it. */
  readonly configuring: Readonly<Record<string, string>>;
  /** What `${…}` and `$SECRET` may read, under any of the names that it has there. */
  readonly readable: Readonly<Record<string, string>>;
}

/**
 * Tells apart what an environment is good for. What may be read is named by its own `ANTIPHON_SECRETS`: names of variables, and
 * beginnings of names that end in `_` or `*`, with commas between. Without that nothing may, or with
 * `ANTIPHON_COMPATIBILITY=sonataflow` all. Never what begins with `ANTIPHON_`.
 */
export function surroundingsIn(env: Readonly<Record<string, string>>): Surroundings {
  const all = Object.entries(environmentIn(env, profilesIn(env)));
  const isNamed = namedBy(env);
  return {
    configuring: Object.fromEntries(all.filter(([name]) => CONFIGURING.test(name))),
    readable: Object.fromEntries(all.filter(([name]) => !OWN.test(name) && isNamed(name))),
  };
}

function namedBy(env: Readonly<Record<string, string>>): (name: string) => boolean {
  const entries = (env.ANTIPHON_SECRETS ?? "").split(",").map((entry) => entry.trim());
  const named = entries.filter((entry) => entry !== "");
  if (named.length === 0 && env.ANTIPHON_COMPATIBILITY === "sonataflow") return () => true;
  const names = new Set([INJECTED, ...named]);
  const beginnings = named.filter((entry) => /[_*]$/.test(entry)).map((entry) => entry.replace(/\*$/, ""));
  return (name) => names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
}
