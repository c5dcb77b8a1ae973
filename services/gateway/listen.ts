import type { FastifyInstance } from "fastify";
import type { GatewayConfig } from "./config.ts";

/** Listens where the settings say; returns the URL. Throws an error that names the place and the settings. */
export async function listen(
  app: FastifyInstance,
  { host, port }: Pick<GatewayConfig, "host" | "port">,
): Promise<string> {
  try {
    return await app.listen({ host, port, listenTextResolver: () => "" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const place = `${host}:${port}`;
    switch (code) {
      case "EADDRINUSE":
        throw new Error(`ANTIPHON_PORT: expected a free port, found ${place} in use`, { cause: error });
      case "EACCES":
        throw new Error(`ANTIPHON_PORT: expected a port that may be used, ${place} may not`, { cause: error });
      case "ENOTFOUND":
      case "EADDRNOTAVAIL":
        throw new Error(`ANTIPHON_HOST: expected an address of this machine, found ${place}`, { cause: error });
      default:
        throw error;
    }
  }
}
