import type { JsonObject } from "@antiphon/protocol";
import { schemaRef } from "./data-schema.ts";

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
      child: schemaRef("FailedChild"),
    },
  },
  Instance: {
    type: "object",
    required: ["id", "workflowdata"],
    properties: { id: TEXT, workflowdata: {} },
  },
  InstanceDetails: {
    type: "object",
    required: ["id", "workflow", "version", "definition", "status", "data"],
    properties: {
      id: TEXT,
      workflow: TEXT,
      version: TEXT,
      definition: TEXT,
      status: { type: "string", enum: ["active", "completed", "aborted", "faulted"] },
      data: {},
      parent: { ...TEXT, description: "the instance that asked for it" },
      root: { ...TEXT, description: "the instance at the root of their family" },
      children: {
        description: "the instances that it has asked for, the newest in front, at most 100",
        type: "array",
        items: {
          type: "object",
          required: ["id", "workflow", "status"],
          properties: { id: TEXT, workflow: TEXT, status: TEXT },
        },
      },
      error: {
        type: "object",
        required: ["code", "message"],
        properties: { code: TEXT, message: TEXT, where: TEXT, child: schemaRef("FailedChild") },
      },
    },
    additionalProperties: true,
  },
  FailedChild: {
    description: "the instance whose failure an error is, where another one performed the action",
    type: "object",
    required: ["instance", "workflow"],
    properties: {
      instance: TEXT,
      workflow: TEXT,
      where: TEXT,
      aborted: { type: "boolean", description: "it cannot be tried again" },
    },
  },
  Page: {
    type: "object",
    required: ["items"],
    properties: {
      items: { type: "array", items: { type: "object" } },
      next: { ...TEXT, description: "the cursor of the next page; absent on the last one" },
      truncated: {
        type: "boolean",
        description: "on the last page of a history: there was more, which is older than the log is kept",
      },
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
