import type { Definitions } from "@antiphon/host/definitions";
import { topics } from "@antiphon/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Catalog } from "../catalog.ts";
import type { Freshness, ReadTopic } from "../queries/freshness.ts";
import { AS_IT_IS } from "./hide-secrets.ts";

interface Known {
  readonly freshness: Pick<Freshness, "caughtUp">;
  readonly ports: { readonly definitions: Pick<Definitions, "current"> };
  readonly catalog: Pick<Catalog, "channelAt">;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the route reads from. A request waits until that has all that was there when it came. */
    reads?: readonly ReadTopic[];
  }
}

/** A route that shows what is deployed. */
export const READS_DEFINITIONS = { config: { reads: [topics.definitions] } } as const;
/** A route that answers with documents as they were deployed. */
export const DOCUMENTS = { config: { ...READS_DEFINITIONS.config, ...AS_IT_IS } } as const;
/** A route that lists instances, or waits of theirs. */
export const READS_HISTORY = { config: { reads: [topics.history] } } as const;

/**
 * Lets each request wait for what its route reads, unless its client takes what is old (`Cache-Control: max-stale`). A
 * workflow that is not known here may just have been deployed by way of another gateway.
 */
export function keepReadsFresh(app: FastifyInstance, { freshness, ports, catalog }: Known): void {
  app.addHook("preHandler", (request, _, done) => {
    const { reads = [] } = request.routeOptions.config;
    const { workflow } = request.params as { readonly workflow?: string };
    const isUnknown = workflow !== undefined && ports.definitions.current(workflow) === undefined;
    const isChannel = isUnknown && catalog.channelAt(request.method, workflow) !== undefined;
    const awaited = isUnknown && !isChannel ? [...reads, topics.definitions] : reads;
    if (awaited.length === 0 || takesOld(request)) done();
    else freshness.caughtUp(awaited).then(() => done(), done);
  });
}

function takesOld({ headers }: FastifyRequest): boolean {
  return /(?:^|[,\s])max-stale(?:$|[,\s=])/i.test(headers["cache-control"] ?? "");
}
