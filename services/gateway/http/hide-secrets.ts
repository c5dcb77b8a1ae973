import type { SecretMask } from "@antiphon/host";
import type { FastifyInstance } from "fastify";

/**
 * Hides secrets in what the routes under `/v1` and `/management` answer: arguments in a history, data, errors, letters. A
 * workflow's own routes answer whoever may run it with its data as they are.
 */
export function hideSecrets(app: FastifyInstance, secrets: Pick<SecretMask, "hideIn">): void {
  app.addHook("onSend", async ({ url }, _reply, payload) => {
    return typeof payload === "string" && /^\/(?:v1|management)\//.test(url) ? secrets.hideIn(payload) : payload;
  });
}
