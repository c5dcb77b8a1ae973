import type { JsonObject } from "@antiphon/protocol";
import type { Members } from "./document/members.ts";
import { readObject } from "./document/members.ts";
import type { Node } from "./document/node.ts";
import { describe, jsonObjectOf, memberOf, quote, textOf } from "./document/node.ts";
import { present } from "./document/present.ts";
import { Problems } from "./document/problems.ts";
import type { Reading } from "./document/reading.ts";
import { Sources } from "./document/sources.ts";
import type { Bundle, Definition, Problem } from "./model.ts";
import { standaloneSchema } from "./openapi/schema.ts";
import { propertiesFor, propertyOf, readProperties } from "./properties/properties.ts";
import { readError } from "./workflow/errors.ts";
import { readEvent } from "./workflow/events.ts";
import { readDuration } from "./workflow/expressions.ts";
import { readFunction } from "./workflow/functions.ts";
import type { Scope } from "./workflow/scope.ts";
import { lookUp } from "./workflow/scope.ts";
import { readNamedList, resolve } from "./workflow/shared-list.ts";
import { readStateNames, readStates } from "./workflow/state-list.ts";
import { expectedOfWorkflowId } from "./workflow-id.ts";

/** A definition, or all that is wrong with it and the files that it refers to. */
export type ReadResult =
  | { readonly definition: Definition; readonly problems: readonly [] }
  | { readonly definition?: undefined; readonly problems: readonly Problem[] };

/** Reads the workflow of a bundle. `env` fills `${NAME:default}` in the properties and overrides them. */
export function readDefinition(bundle: Bundle, env: Readonly<Record<string, string>>): ReadResult {
  const files = new Map(Object.entries(bundle.files));
  const { definition, problems } = readWorkflow(bundle.path, files, env);
  return definition === undefined || problems.length > 0 ? { problems } : { definition, problems: [] };
}

/** What came of reading a workflow: its definition, good only if there is no problem, and the files that it needed. */
export interface WorkflowRead {
  readonly definition: Definition | undefined;
  readonly problems: readonly Problem[];
  /** Where its id stands, if it has one. */
  readonly id: Node | undefined;
  readonly opened: readonly string[];
}

/** Reads the workflow at a path among the given files. */
export function readWorkflow(
  path: string,
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): WorkflowRead {
  const problems = new Problems();
  const sources = new Sources(files, path, problems);
  const configured = propertiesFor(path, files);
  const properties = readProperties(files.get(configured) ?? "", env);
  const reading: Reading = {
    sources,
    problems,
    asSonataFlow: propertyOf(properties, "antiphon.compatibility") === "sonataflow",
  };
  const document = sources.workflow();
  const definition = readObject(document, "a workflow", reading, (it) => readMembers(it, reading, properties));
  const opened = [...sources.opened(), configured];
  return { definition, problems: problems.list(), id: memberOf(document, "id"), opened };
}

function readMembers(members: Members, reading: Reading, properties: Readonly<Record<string, string>>): Definition {
  members.harmless("key", "specVersion", "$schema");
  members.allow(/^x-/i);
  members.unsupported("extensions");
  members.unsupportedAnywhere("retries", "auth", "secrets");
  if (members.flag("autoRetries", false)) members.unsupportedAnywhere("autoRetries");
  members.onlyChoice("expressionLang", ["jq", "jsonpath"]);
  const id = readId(members);
  const events = readNamedList(members, "events", "an event definition", readEvent);
  const functions = readNamedList(members, "functions", "a function definition", readFunction);
  const errors = readNamedList(members, "errors", "an error definition", readError);
  const states = readStateNames(members);
  const scope: Scope = { reading, states, events, functions, errors, eventTimeout: readTimeouts(members) };
  const dataInputSchema = readInputSchema(members);
  const description = members.optionalText("description", "a text");
  return {
    id,
    version: members.optionalText("version", "the version of the workflow") ?? "1.0",
    name: members.optionalText("name", "the name of the workflow") ?? id,
    ...present({ description }),
    start: readStart(members, scope),
    states: Object.fromEntries(readStates(members.get("states"), scope).map((state) => [state.name, state])),
    events: Object.fromEntries(events ?? []),
    functions: Object.fromEntries(functions ?? []),
    errors: Object.fromEntries(errors ?? []),
    constants: readConstants(members),
    ...present({ dataInputSchema }),
    keepActive: members.flag("keepActive", false),
    annotations: members.texts("annotations", "a text").map((annotation) => textOf(annotation) ?? ""),
    metadata: members.jsonObject("metadata") ?? {},
    properties,
  };
}

function readId(members: Members): string {
  const id = members.text("id", "the id of the workflow");
  const expected = expectedOfWorkflowId(id);
  if (expected !== undefined) members.report(members.get("id") ?? members.place, expected, quote(id));
  return id;
}

function readStart(members: Members, scope: Scope): string {
  const start = members.require("start", "the name of the state to start in");
  if (start?.kind !== "object") return lookUp(start, "a state", scope.states, scope.reading) ?? "";
  const name = members.object("start", "a start", (it) => {
    it.unsupportedAnywhere("schedule");
    return lookUp(it.require("stateName", "the name of a state"), "a state", scope.states, scope.reading);
  });
  return name ?? "";
}

/** Reads `timeouts` of the workflow; what comes back is the event timeout of states that have none. */
function readTimeouts(members: Members): string | undefined {
  return readObject(resolve(members, "timeouts"), "timeouts", members.reading, (timeouts) => {
    timeouts.unsupported("workflowExecTimeout");
    timeouts.unsupportedAnywhere("stateExecTimeout", "actionExecTimeout", "branchExecTimeout");
    return readDuration(timeouts, "eventTimeout");
  });
}

function readConstants(members: Members): JsonObject {
  const node = resolve(members, "constants");
  const constants = jsonObjectOf(node);
  if (node !== undefined && constants === undefined) members.report(node, "an object of constants", describe(node));
  return constants ?? {};
}

function readInputSchema(members: Members): Definition["dataInputSchema"] {
  if (members.get("dataInputSchema")?.kind === "object") {
    return members.object("dataInputSchema", "an input schema", (it) => {
      it.require("schema", "a JSON schema or the name of its file");
      return schemaIn(it, "schema", it.flag("failOnValidationErrors", true));
    });
  }
  return schemaIn(members, "dataInputSchema", true);
}

function schemaIn(members: Members, name: string, failOnValidationErrors: boolean): Definition["dataInputSchema"] {
  const node = resolve(members, name);
  const schema = node && standaloneSchema(node, members.reading);
  return schema && { schema, failOnValidationErrors };
}
