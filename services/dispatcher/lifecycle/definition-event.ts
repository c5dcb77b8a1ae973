import { workflowIdInUri } from "@antiphon/definition";
import type { Deployment } from "@antiphon/host/definitions";
import type { CloudEvent } from "@antiphon/protocol";

/**
 * What a deployment tells of its workflow, as SonataFlow's data index reads it: a `ProcessDefinitionEvent`. Its id is that
 * of the deployment: one that changes only the configuration is another event, as the endpoint may be another.
 */
export function definitionEvent(
  { definition, hash, deployedMs, sequence }: Deployment,
  serviceUrl: string,
): CloudEvent {
  const { id, name, version, description, annotations, metadata, states } = definition;
  const endpoint = `${serviceUrl}/${workflowIdInUri(id)}`;
  return {
    specversion: "1.0",
    id: `${id}-${hash}-${sequence}`,
    source: endpoint,
    type: "ProcessDefinitionEvent",
    time: new Date(deployedMs).toISOString(),
    datacontenttype: "application/json",
    kogitoprocid: id,
    kogitoprocversion: version,
    kogitoproctype: "SW",
    data: {
      id,
      name,
      version,
      type: "SW",
      ...(description !== undefined && { description }),
      roles: [],
      addons: [],
      annotations,
      endpoint,
      metadata,
      nodes: Object.values(states).map(({ name, type }) => ({ id: name, name, type, uniqueId: name })),
    },
  };
}
