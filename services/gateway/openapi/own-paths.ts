import type { JsonObject } from "@antiphon/protocol";
import { schemaRef } from "./data-schema.ts";
import { type Call, operation } from "./operation.ts";
import { TAKING_EVENTS } from "./taking-events.ts";

const PAGE = schemaRef("Page");
const FATE = schemaRef("Fate");
const INSTANCE = schemaRef("Instance");
const ANY: JsonObject = {};
const PROCESS = "/management/processes/{process}";
const ONE = `${PROCESS}/instances/{instance}`;
const NODE = `${ONE}/nodeInstances/{nodeInstance}`;

const LETTER_FILTERS = ["type", "source", "instance", "disposition", "direction", "after", "before"] as const;

type Entry = readonly [method: string, path: string, call: Omit<Call, "tag">];

/** The paths that are there whatever is deployed. */
export function ownPaths(): { readonly tags: readonly JsonObject[]; readonly paths: JsonObject } {
  const paths: Record<string, JsonObject> = {};
  for (const [tag, entries] of Object.entries(ALL)) {
    for (const [method, path, call] of entries) {
      paths[path] = { ...paths[path], [method]: operation(path, { tag, ...call }) };
    }
  }
  return { tags: Object.keys(ALL).map((name) => ({ name })), paths };
}

function get(
  path: string,
  id: string,
  summary: string,
  answer: JsonObject = ANY,
  query: readonly string[] = [],
): Entry {
  return ["get", path, { id, summary, query, answers: { 200: ["as asked for", answer] } }];
}

function change(method: "post" | "delete", path: string, id: string, summary: string): Entry {
  return [method, path, { id, summary, answers: { 200: ["its data as it is then", INSTANCE] } }];
}

const ALL: Readonly<Record<string, readonly Entry[]>> = {
  Events: [
    [
      "post",
      "/",
      {
        id: "receiveEvents",
        summary: "Take a CloudEvent, or a batch of them: for whom it is, it says itself",
        ...TAKING_EVENTS,
      },
    ],
    [
      "post",
      "/callbacks/{token}",
      {
        id: "answerCallback",
        summary: "Answer the one wait that the token is for, with a CloudEvent or with plain JSON",
        headers: ["Prefer"],
        body: { "application/json": {}, "application/cloudevents+json": schemaRef("CloudEvent") },
        answers: { 202: ["what became of it", FATE] },
      },
    ],
    get("/v1/events", "listEvents", "The ledger of result events", PAGE, [
      "type",
      "source",
      "id",
      "instance",
      "key",
      "disposition",
      "after",
      "before",
      "limit",
      "cursor",
    ]),
    [
      "post",
      "/v1/events/explain",
      {
        id: "explainEvent",
        summary: "Say what an event would come to, and why not to something else; nothing changes",
        body: { "application/cloudevents+json": schemaRef("CloudEvent") },
        needsBody: true,
        answers: { 200: ["what would follow", ANY] },
      },
    ],
    get("/v1/events/{source}/{id}", "getEvent", "One event, and why it came to what it did"),
    get("/v1/dead-letters", "listDeadLetters", "What could not be used", PAGE, [
      ...LETTER_FILTERS,
      "state",
      "limit",
      "cursor",
    ]),
    get("/v1/dead-letters/{id}", "getDeadLetter", "One of them, as it was written"),
    [
      "post",
      "/v1/dead-letters/{id}/redrive",
      { id: "redrive", summary: "Send it through again", answers: { 200: ["what came of it", ANY] } },
    ],
    [
      "post",
      "/v1/dead-letters/redrive",
      {
        id: "redriveAll",
        summary: "Send all open ones of a filter through again, by a job",
        query: [...LETTER_FILTERS],
        answers: { 202: ["the job", ANY] },
      },
    ],
    get("/v1/jobs/{id}", "getJob", "How far a job of this gateway has got"),
    get("/v1/audit", "audit", "Whether events, dispositions, waits and dead letters add up"),
    [
      "get",
      "/v1/topics/{topic}",
      {
        id: "followTopic",
        summary: "The events on a topic as they come",
        headers: ["Last-Event-ID"],
        answers: { 200: ["server-sent events", { type: "string" }] },
        answersAs: "text/event-stream",
      },
    ],
    get("/messaging/topics", "listTopics", "The topics that workflows read and write, and the event types on them"),
  ],
  Instances: [
    get("/v1/instances", "listInstances", "Instances, also those that have ended", PAGE, [
      "workflow",
      "status",
      "businessKey",
      "parent",
      "root",
      "startedAfter",
      "startedBefore",
      "limit",
      "cursor",
    ]),
    get("/v1/instances/{id}", "getInstance", "One of them, with what it waits for", schemaRef("InstanceDetails")),
    get("/v1/instances/{id}/history", "getHistory", "What happened to it, the newest in front", PAGE, [
      "limit",
      "cursor",
    ]),
    get("/v1/waits", "listWaits", "What is being waited for", PAGE, [
      "instance",
      "workflow",
      "type",
      "key",
      "deadlineBefore",
      "limit",
      "cursor",
    ]),
  ],
  Definitions: [
    get("/v1/definitions", "listDefinitions", "The workflows that can be started"),
    get("/v1/definitions/{id}", "getDefinition", "One of them, with its files and versions"),
    get("/v1/definitions/{id}/versions", "listVersions", "All of its versions, also after it was retired"),
    get("/v1/definitions/{id}/source", "getDefinitionSource", "Its document as it was deployed", ANY, ["version"]),
    [
      "put",
      "/v1/definitions/{id}",
      {
        id: "putDefinition",
        summary: "Deploy a document, or a bundle of files; running instances keep their version",
        query: ["dryRun"],
        body: { "application/json": { type: "object" }, "application/yaml": { type: "string" } },
        needsBody: true,
        answers: { 200: ["a new version of it, or the one that is there", ANY], 201: ["a new workflow", ANY] },
      },
    ],
    [
      "delete",
      "/v1/definitions/{id}",
      { id: "retireDefinition", summary: "Start it no more", answers: { 200: ["it is retired", ANY] } },
    ],
  ],
  "Process Management": [
    get("/management/processes", "getProcesses", "The ids of the workflows"),
    get(PROCESS, "getProcessInfo", "What a workflow is"),
    get(`${PROCESS}/nodes`, "getProcessNodes", "Its states"),
    get(`${ONE}/error`, "getInstanceInError", "Why an instance has failed"),
    change("post", `${ONE}/retrigger`, "retriggerInstanceInError", "Try again what failed"),
    change("post", `${ONE}/skip`, "skipInstanceInError", "Pass over what failed"),
    get(`${ONE}/nodeInstances`, "getNodeInstances", "The states that an instance is in"),
    get(`${ONE}/timers`, "getTimers", "Its timers that run"),
    [
      "delete",
      ONE,
      {
        id: "cancelProcessInstance",
        summary: "Abort it",
        query: ["compensate"],
        answers: {
          200: ["its data as it is then", INSTANCE],
          202: ["it is undoing what it has done, and waits for something", INSTANCE],
        },
      },
    ],
    change("post", `${ONE}/nodes/{node}`, "triggerNodeInstance", "Leave its state, and enter this one"),
    change("post", NODE, "retriggerNodeInstance", "Enter its state anew"),
    change("delete", NODE, "cancelNodeInstance", "Leave its state by the one transition that it has"),
    get(`${NODE}/timers`, "getNodeInstanceTimers", "The timers of its state"),
    change(
      "post",
      "/management/jobs/{process}/instances/{instance}/timers/{timer}",
      "fireTimer",
      "Fire a timer before its time",
    ),
  ],
  Observation: [
    get("/q/health", "getHealth", "Whether all that is needed can be reached"),
    get("/q/health/live", "getLiveness", "Whether the process is alive"),
    get("/q/health/ready", "getReadiness", "Whether requests can be served"),
    [
      "get",
      "/q/metrics",
      {
        id: "getMetrics",
        summary: "Metrics in Prometheus's text format",
        answers: { 200: ["the metrics", { type: "string" }] },
        answersAs: "text/plain",
      },
    ],
    get("/q/openapi", "getOpenApi", "This document", ANY, ["format"]),
  ],
};
