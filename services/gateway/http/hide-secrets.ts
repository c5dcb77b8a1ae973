import type { SecretMask } from "@antiphon/host";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyInstance {
    /** Hides secrets in documents and problems that are answered. */
    readonly secrets: Pick<SecretMask, "shown">;
  }
  interface FastifyContextConfig {
    /** Whether the route's documents are answered as they are; else without secrets. Problems never have any. */
    asItIs?: true;
  }
}

/**
 * A route that answers with what is its client's own: the data of a workflow, which a caller of that workflow gets as the
 * definition says, or documents as they were deployed.
 */
export const AS_IT_IS = { asItIs: true } as const;

/** Lets answers hide secrets: in arguments of a history, in data, errors, letters. */
export function hideSecrets(app: FastifyInstance, secrets: Pick<SecretMask, "shown">): void {
  app.decorate("secrets", secrets);
}
