import type { JsonObject } from "@antiphon/protocol";
import type { Members } from "../document/members.ts";
import type { Node } from "../document/node.ts";
import { describe, jsonObjectOf, memberOf, quote, textOf } from "../document/node.ts";
import { present } from "../document/present.ts";
import { readFunction } from "../functions/read-function.ts";
import type { Definition } from "../model.ts";
import { expectedOfWorkflowId } from "../workflow-id.ts";
import { readAuth } from "./auth.ts";
import { readDataSchema } from "./data-schemas.ts";
import { readError } from "./errors.ts";
import { readEvent } from "./events.ts";
import { expressionsIn } from "./expressions.ts";
import { readExtensions } from "./extensions.ts";
import { readRetryStrategy } from "./retries.ts";
import { readStart } from "./schedule.ts";
import type { Scope } from "./scope.ts";
import { listOf, readNamedList, resolve } from "./shared-list.ts";
import { readStateNames, readStates } from "./state-list.ts";
import { readWorkflowTimeouts } from "./timeouts.ts";

const LANGUAGES = ["jq", "jsonpath"];

/** Reads the members of a workflow. */
export function readMembers(members: Members, properties: Readonly<Record<string, string>>): Definition {
  const { reading } = members;
  members.harmless("$schema");
  members.optionalText("specVersion", "the version of the language");
  members.allow(/^x-/i);
  members.choice("expressionLang", LANGUAGES, "jq");
  const id = readId(members);
  const { dataOutputSchema, aliases, functionNamespaces } = readExtensions(members);
  reading.sources.setAliases(aliases);
  const auth = readNamedList(members, "auth", "an auth definition", readAuth);
  const events = readNamedList(members, "events", "an event definition", readEvent);
  const functions = readNamedList(members, "functions", "a function definition", (it) => readFunction(it, auth));
  const errors = readNamedList(members, "errors", "an error definition", readError);
  const retries = readNamedList(members, "retries", "a retry definition", readRetryStrategy);
  const states = readStateNames(members);
  const { timeouts, workflow: timeout } = readWorkflowTimeouts(members, states);
  const autoRetries = members.flag("autoRetries", false);
  const scope: Scope = {
    reading,
    states,
    events,
    functions,
    expressionFunctions: expressionsIn(functions),
    functionNamespaces: new Set(functionNamespaces),
    namespacedFunctions: new Map(),
    errors,
    retries,
    autoRetries,
    timeouts,
    compensating: false,
  };
  const read = readStates(members.get("states"), scope);
  return {
    id,
    ...present({ key: members.optionalText("key", "a text") }),
    version: members.optionalText("version", "the version of the workflow") ?? "1.0",
    name: members.optionalText("name", "the name of the workflow") ?? id,
    ...present({ description: members.optionalText("description", "a text") }),
    ...(reading.language === "jsonpath" ? { expressionLang: "jsonpath" } : {}),
    ...readStart(members, states),
    states: Object.fromEntries(read.map((state) => [state.name, state])),
    events: Object.fromEntries(events ?? []),
    functions: Object.fromEntries([...(functions ?? []), ...scope.namespacedFunctions]),
    errors: Object.fromEntries(errors ?? []),
    retries: Object.fromEntries(retries ?? []),
    auth: Object.fromEntries(auth ?? []),
    secrets: readSecrets(members),
    constants: readConstants(members),
    ...present({ dataInputSchema: readDataSchema(members, "dataInputSchema"), dataOutputSchema, timeout }),
    keepActive: members.flag("keepActive", false),
    annotations: members.texts("annotations", "a text").map((annotation) => textOf(annotation) ?? ""),
    metadata: members.jsonObject("metadata") ?? {},
    workflows: [...new Set(reading.workflows.map(({ workflow }) => workflow))],
    properties,
    secretValues: {},
  };
}

function readId(members: Members): string {
  const id = members.text("id", "the id of the workflow");
  const expected = expectedOfWorkflowId(id);
  if (expected !== undefined) members.report(members.get("id") ?? members.place, expected, quote(id));
  return id;
}

function readConstants(members: Members): JsonObject {
  const node = resolve(members, "constants");
  const constants = jsonObjectOf(members.get("constants")?.kind === "scalar" ? withoutName(node) : node);
  if (node !== undefined && constants === undefined) members.report(node, "an object of constants", describe(node));
  return constants ?? {};
}

/** In a file of their own they may stand under their name, as lists do. */
function withoutName(file: Node | undefined): Node | undefined {
  const named = memberOf(file, "constants");
  return file?.kind === "object" && file.members.size === 1 && named?.kind === "object" ? named : file;
}

function readSecrets(members: Members): readonly string[] {
  const names: string[] = [];
  for (const node of listOf(members, "secrets", "the name of a secret") ?? []) {
    const name = textOf(node);
    if (name === undefined || name === "") members.report(node, "the name of a secret", describe(node));
    else names.push(name);
  }
  return names;
}
