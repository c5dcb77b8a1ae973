import type { Definition } from "@antiphon/definition";
import type { JsonObject } from "@antiphon/protocol";
import { startsByEvents } from "../workflows/start.ts";
import { componentName, dataSchema, schemaRef } from "./data-schema.ts";
import { type Call, operation } from "./operation.ts";

/** What one workflow has in the document. */
export interface WorkflowPart {
  readonly tag: JsonObject;
  readonly paths: JsonObject;
  readonly schemas: JsonObject;
}

/**
 * The paths of a workflow, under the names by which SonataFlow's clients are generated. `input` is the name of the component
 * that describes what it takes.
 */
export function workflowPart(definition: Definition, input: string): WorkflowPart {
  const { id, name, description } = definition;
  const tag = `Process - ${id}`;
  const output = `${componentName(id)}_output`;
  const root = `/${encodeURIComponent(id)}`;
  const one = `${root}/{id}`;
  const instance = schemaRef(output);
  const at = (path: string, call: Omit<Call, "tag">) => operation(path, { tag, ...call });
  const answered = { 200: ["its data as it is then", instance] } as const;
  return {
    tag: { name: tag, description: description ?? name },
    schemas: { [input]: inputSchema(definition, input), [output]: outputSchema(definition, output) },
    paths: {
      [root]: {
        ...(!startsByEvents(definition) && { post: at(root, startCall(definition, input, instance)) }),
        get: at(root, {
          id: `getAllProcessInstances_${id}`,
          summary: `Instances of ${name} that have not ended, those started last in front`,
          answers: { 200: ["the instances", { type: "array", items: instance }] },
        }),
      },
      [`${root}/schema`]: {
        get: at(root, {
          id: `getResourceSchema_${id}`,
          summary: `What ${name} takes, a JSON schema`,
          answers: { 200: ["the schema", { type: "object" }] },
        }),
      },
      [one]: {
        get: at(one, { id: `getProcessInstance_${id}`, summary: "An instance that has not ended", answers: answered }),
        put: at(one, { id: `updateProcessInstance_${id}`, summary: "Replace its data", ...CHANGE, answers: answered }),
        patch: at(one, {
          id: `patchProcessInstance_${id}`,
          summary: "Merge into its data",
          ...CHANGE,
          answers: answered,
        }),
        delete: at(one, {
          id: `deleteProcessInstance_${id}`,
          summary: "Abort it",
          query: ["compensate"],
          answers: { ...answered, 202: ["it is undoing what it has done, and waits for something", instance] },
        }),
      },
      [`${one}/tasks`]: {
        get: at(one, {
          id: `getTasks_${id}`,
          summary: "Tasks of people in it: workflows have none",
          answers: { 200: ["none", { type: "array", maxItems: 0 }] },
        }),
      },
    },
  };
}

const CHANGE = { body: { "application/json": { type: "object" } }, needsBody: true } as const;

function startCall({ id, name }: Definition, input: string, instance: JsonObject): Omit<Call, "tag"> {
  const wrapped = { type: "object", required: ["workflowdata"], properties: { workflowdata: schemaRef(input) } };
  return {
    id: `createProcessInstance_${id}`,
    summary: `Start ${name}`,
    query: ["businessKey"],
    headers: ["Idempotency-Key", "X-KOGITO-StartFromNode", "X-KOGITO-ReferenceId", "Prefer"],
    body: { "application/json": { anyOf: [schemaRef(input), wrapped] } },
    answers: {
      201: ["it has come to its first rest, or to its end", instance],
      202: ["respond-async was preferred: the order is durable", { type: "object", properties: { id: ID } }],
    },
  };
}

const ID = { type: "string" };

function inputSchema({ name, dataInputSchema }: Definition, component: string): JsonObject {
  const title = `${name} Input`;
  return dataInputSchema === undefined
    ? { title, type: "object" }
    : dataSchema(dataInputSchema.schema, component, title);
}

/** What is answered of an instance. Only at its end is its data what the output schema says. */
function outputSchema({ name, dataOutputSchema }: Definition, component: string): JsonObject {
  const atEnd = dataOutputSchema && dataSchema(dataOutputSchema.schema, `${component}/$defs/data`, `${name} Output`);
  return {
    title: `${name} Output`,
    type: "object",
    required: ["id", "workflowdata"],
    properties: { id: ID, workflowdata: atEnd ? { anyOf: [schemaRef(`${component}/$defs/data`), {}] } : {} },
    ...(atEnd && { $defs: { data: atEnd } }),
  };
}
