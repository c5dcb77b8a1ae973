import type { JsonObject } from "@antiphon/protocol";
import type { OpenApiOperation } from "./openapi.ts";

interface FunctionBase {
  readonly name: string;
  readonly metadata: JsonObject;
  /** The name of the `auth` definition by which the caller says who it is. */
  readonly authRef?: string;
}

export type FunctionDefinition = FunctionBase &
  (
    | { readonly kind: "openapi"; readonly operation: OpenApiOperation }
    | { readonly kind: "http"; readonly method: string; readonly url: string }
    | { readonly kind: "sysout"; readonly level: LogLevel }
    | { readonly kind: "expression"; readonly expression: string }
    | AsyncApiOperation
    | RpcMethod
    | GraphQlField
    | ODataEntitySet
    | KnativeService
    | ModuleFunction
  );

/** An operation of an AsyncAPI document: an event goes out, or one is waited for. */
export interface AsyncApiOperation {
  readonly kind: "asyncapi";
  readonly direction: "send" | "receive";
  /** The address of the channel in AsyncAPI 3, its name in AsyncAPI 2. */
  readonly channel: string;
}

/** A method of a gRPC service. Streams are arrays of messages. */
export interface RpcMethod {
  readonly kind: "rpc";
  /** With its package, `shop.v1.Prices`. */
  readonly service: string;
  readonly method: string;
  /** Names of the messages, with their packages. */
  readonly request: string;
  readonly response: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  /** What the `.proto` files say, as protobufjs writes it. */
  readonly protocol: JsonObject;
}

/** A field of a GraphQL service's root. */
export interface GraphQlField {
  readonly kind: "graphql";
  readonly url: string;
  readonly operation: "query" | "mutation";
  readonly field: string;
}

/** What an OData service has of one kind. */
export interface ODataEntitySet {
  readonly kind: "odata";
  readonly url: string;
  readonly entitySet: string;
}

/** A service of Knative Serving. */
export interface KnativeService {
  readonly kind: "knative";
  readonly service: string;
  readonly namespace?: string;
  readonly path: string;
  readonly method: "GET" | "POST";
  /** The arguments are a CloudEvent. */
  readonly asCloudEvent: boolean;
}

/** A function of the workflow's author, in a file of the resources folder. */
export interface ModuleFunction {
  readonly kind: "module";
  /** The path of the file, relative to the resources folder. */
  readonly module: string;
  /** What it exports the function as. */
  readonly exported: string;
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";
