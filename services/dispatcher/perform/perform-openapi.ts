import type { FunctionDefinition } from "@antiphon/definition";
import type { MessageLogger } from "../log-messages.ts";
import { openApiRequest } from "../request/openapi-request.ts";
import { typedAnswer } from "../types/typed-answer.ts";
import { type HttpPorts, performHttp } from "./perform-http.ts";
import type { Asked, Plan } from "./plan.ts";

type OpenApiFunction = Extract<FunctionDefinition, { readonly kind: "openapi" }>;

/** An action that calls an operation, with values in the types of its document both ways. Throws `ActionError`. */
export function performOpenApi(
  ports: HttpPorts & { readonly logger: MessageLogger },
  asked: Asked<OpenApiFunction>,
): Plan {
  const { definition, called, instance, requested } = asked;
  const { action } = requested;
  const tell = (where: string) => (misfits: readonly string[]) => {
    if (misfits.length === 0) return;
    const about = { workflow: definition.id, instance, action, function: called.name, misfits };
    ports.logger.debug(about, `values of ${where} do not fit the types of the OpenAPI document, and stay as they are`);
  };
  const parts = openApiRequest(definition, called.operation, requested, tell("the request"));
  return performHttp(ports, asked, parts, (response) => {
    const { outcome, misfits } = typedAnswer(called.operation, response);
    tell("the answer")(misfits);
    return outcome;
  });
}
