import type { ExpressionLanguage } from "./check-expression.ts";
import { readObject } from "./document/members.ts";
import type { Node } from "./document/node.ts";
import { memberOf, textOf } from "./document/node.ts";
import { Problems } from "./document/problems.ts";
import type { Reading, WorkflowReference } from "./document/reading.ts";
import { Sources } from "./document/sources.ts";
import type { Definition, Problem } from "./model.ts";
import { allowedBy, noteSecrets } from "./properties/allowed-secrets.ts";
import { checkChannels } from "./properties/check-channels.ts";
import { checkClients } from "./properties/check-clients.ts";
import { readConfiguration } from "./properties/configuration.ts";
import { secretsOf } from "./properties/keys-named-in.ts";
import { propertyOf } from "./properties/properties.ts";
import { type WantedDocument, withCredentials } from "./wanted-document.ts";
import { noteNewToSonataFlow } from "./workflow/new-to-sonataflow.ts";
import { readMembers } from "./workflow/workflow.ts";

/** What came of reading a workflow: its definition, good only if there is no problem, and the files that it needed. */
export interface WorkflowRead {
  readonly definition: Definition | undefined;
  readonly problems: readonly Problem[];
  /** What is read over: it is in the document, and has no effect. */
  readonly notes: readonly Problem[];
  /** Whether it is read as SonataFlow reads. */
  readonly asSonataFlow: boolean;
  /** Where its id stands, if it has one. */
  readonly id: Node | undefined;
  /** The workflows that go on where it ends, or run within it. */
  readonly workflows: readonly WorkflowReference[];
  /** The paths of the files that have a say in it. */
  readonly opened: readonly string[];
  /** Documents on the web that it refers to and that are not among the files: it is read again when they are. */
  readonly wanted: readonly WantedDocument[];
}

/**
 * Reads the workflow at a path among the given files; documents on the web are files under their URLs. `isDeployed`: it
 * was before, and is not refused for what a later release finds wrong with it.
 */
export function readWorkflow(
  path: string,
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
  isDeployed = false,
): WorkflowRead {
  const problems = new Problems();
  const notes = new Problems();
  const sources = new Sources(files, path, problems);
  const configuration = readConfiguration(path, files, env, problems);
  const document = sources.workflow();
  const asSonataFlow = propertyOf(configuration.properties, "antiphon.compatibility") === "sonataflow";
  const reading: Reading = {
    sources,
    problems,
    notes,
    language: languageOf(document),
    asSonataFlow,
    isLenient: asSonataFlow || isDeployed,
    workflows: [],
    schemaParts: { count: 0 },
    found: new Map(),
  };
  const read = readObject(document, "a workflow", reading, (it) => readMembers(it, configuration.properties));
  const texts = sources.opened().map((name) => files.get(name) ?? "");
  const isAllowed = reading.asSonataFlow ? () => true : allowedBy(read?.secrets ?? []);
  const secretValues = secretsOf(texts, configuration, isAllowed);
  const definition = read && { ...read, secretValues };
  // Of a definition with problems, parts may be missing.
  const isWhole = definition !== undefined && problems.isEmpty;
  if (isWhole) {
    checkChannels(definition, { path, written: configuration.written }, problems);
    checkClients(definition, document, notes);
    noteSecrets(document, texts, isAllowed, notes);
    if (reading.asSonataFlow) noteNewToSonataFlow(document, notes);
  }
  const wanted = sources.wanted().map((one) => withCredentials(one, { sources, problems, definition, secretValues }));
  return {
    definition,
    problems: problems.list(),
    notes: notes.list(),
    asSonataFlow,
    id: memberOf(document, "id"),
    opened: [...sources.opened(), ...configuration.files],
    workflows: reading.workflows,
    wanted,
  };
}

/** Known before anything else is read, as any member may have an expression. */
function languageOf(document: Node | undefined): ExpressionLanguage {
  return textOf(memberOf(document, "expressionLang")) === "jsonpath" ? "jsonpath" : "jq";
}
