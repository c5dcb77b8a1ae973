import { type FastifyInstance, fastify } from "fastify";
import { registerCallbacks } from "./callbacks/routes.ts";
import { closeConnections } from "./close.ts";
import { registerDefinitions } from "./definitions/routes.ts";
import { registerEvents } from "./events/routes.ts";
import type { Gateway } from "./gateway.ts";
import { BODY_BYTES_MAX, keepBodies } from "./http/body.ts";
import { answerBrokenRequest } from "./http/broken-request.ts";
import { answerErrors, answerUnreadable } from "./http/errors.ts";
import { keepReadsFresh } from "./http/fresh-reads.ts";
import { hideSecrets } from "./http/hide-secrets.ts";
import { refuseUnknownRoutes } from "./http/unknown-routes.ts";
import { registerLedger } from "./ledger/routes.ts";
import { registerManagement } from "./management/routes.ts";
import { registerMessaging } from "./messaging/routes.ts";
import { registerObservation } from "./observe/routes.ts";
import { registerOpenApi } from "./openapi/routes.ts";
import { registerQueries } from "./queries/register-queries.ts";
import { registerTopics } from "./topics/routes.ts";
import { registerWorkflows } from "./workflows/routes.ts";

/** How long a client may take to send its request, in milliseconds. */
export const RECEIVE_TIMEOUT_MS = 30_000;
/** The longest step of a path, in characters: a callback's token has at most as many. */
export const STEP_LENGTH_MAX = 2_048;

/** The gateway's routes, not listening yet. */
export function buildApp(gateway: Gateway): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerUnreadable,
    routerOptions: { maxParamLength: STEP_LENGTH_MAX, ignoreTrailingSlash: true },
  });
  closeConnections(app, gateway.signal);
  keepBodies(app);
  hideSecrets(app, gateway.ports.definitions.secrets);
  answerErrors(app, gateway.ports.logger);
  keepReadsFresh(app, gateway);
  registerObservation(app, gateway.ports);
  registerOpenApi(app, gateway);
  refuseUnknownRoutes(app);
  registerDefinitions(app, gateway);
  registerQueries(app, gateway.ports);
  registerLedger(app, gateway);
  registerTopics(app, gateway);
  registerMessaging(app, gateway);
  registerManagement(app, gateway);
  registerCallbacks(app, gateway);
  registerEvents(app, gateway);
  registerWorkflows(app, gateway);
  return app;
}
