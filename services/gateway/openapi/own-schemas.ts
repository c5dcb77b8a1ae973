import type { JsonObject } from "@antiphon/protocol";

const TEXT: JsonObject = { type: "string" };

/** The schemas that are there whatever is deployed. */
export const OWN_SCHEMAS: JsonObject = {
  Problem: {
    description: "RFC 9457 problem details, and the members that SonataFlow's clients look for",
    type: "object",
    required: ["type", "title", "status", "detail"],
    properties: {
      type: TEXT,
      title: TEXT,
      status: { type: "integer" },
      detail: TEXT,
      message: TEXT,
      id: { ...TEXT, description: "the instance that it is about" },
      failedNodeId: { ...TEXT, description: "the state in which the instance failed" },
      errorCode: TEXT,
    },
  },
  Instance: {
    type: "object",
    required: ["id", "workflowdata"],
    properties: { id: TEXT, workflowdata: {} },
  },
  Page: {
    type: "object",
    required: ["items"],
    properties: {
      items: { type: "array", items: { type: "object" } },
      next: { ...TEXT, description: "the cursor of the next page; absent on the last one" },
    },
  },
  Fate: {
    type: "object",
    required: ["source", "id"],
    properties: {
      source: TEXT,
      id: TEXT,
      disposition: {
        type: "string",
        enum: ["resolved", "started", "buffered", "duplicate", "unmatched", "rejected", "expired"],
      },
      instance: TEXT,
      reason: TEXT,
    },
  },
  CloudEvent: {
    type: "object",
    required: ["specversion", "id", "source", "type"],
    properties: {
      specversion: { const: "1.0" },
      id: { type: "string", minLength: 1 },
      source: TEXT,
      type: { type: "string", minLength: 1 },
      data: {},
    },
    additionalProperties: true,
  },
};
