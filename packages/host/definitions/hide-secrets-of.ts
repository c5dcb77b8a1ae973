import type { Logger } from "@antiphon/processor";
import { isTooShort, SECRET_LENGTH_MIN, type SecretMask } from "../secret-mask.ts";
import type { KnownDefinitions } from "./known-definitions.ts";

/**
 * Hides what the secrets of definitions are now, after each change. What is returned names in the log those that are too
 * short to be hidden, each once: now, and after later changes.
 */
export function hideSecretsOf(
  known: KnownDefinitions,
  secrets: Pick<SecretMask, "set">,
  logger: Pick<Logger, "warn">,
): () => void {
  const told = new Set<string>();
  let isTelling = false;
  const tell = (): void => {
    for (const { definition } of known.all()) {
      for (const [name, value] of Object.entries(definition.secretValues)) {
        const secret = `${definition.id} ${name}`;
        if (value === "" || !isTooShort(value) || told.has(secret)) continue;
        told.add(secret);
        const message = `a value of $SECRET that has fewer than ${SECRET_LENGTH_MIN} characters is not hidden where data are shown: ${name}`;
        logger.warn({ workflow: definition.id, secret: name }, message);
      }
    }
  };
  known.onChange(() => {
    secrets.set(known.all().flatMap(({ definition }) => Object.values(definition.secretValues)));
    if (isTelling) tell();
  });
  return () => {
    isTelling = true;
    tell();
  };
}
