import type { Definition, State } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";

/** A workflow as SonataFlow's management tells of a process. */
export function describeProcess(definition: Definition): JsonObject {
  const { id, name, version, description, annotations, metadata, dataInputSchema, dataOutputSchema } = definition;
  return {
    id,
    name,
    type: "SW",
    version,
    ...(description !== undefined && { description }),
    annotations,
    metadata,
    ...(dataInputSchema && { inputSchema: dataInputSchema.schema }),
    ...(dataOutputSchema && { outputSchema: dataOutputSchema.schema }),
  };
}

/** The states of a workflow, as nodes of a process: the id of a node is the state's name. */
export function describeNodes({ states }: Definition): readonly JsonObject[] {
  return Object.values(states).map((state) => {
    const { name, metadata } = state;
    return { id: name, uniqueId: name, nodeDefinitionId: name, name, type: stateType(state), metadata };
  });
}

/** The type of a state, as documents write it. */
export function stateType({ type }: State): string {
  return type === "eventSwitch" ? "switch" : type;
}
