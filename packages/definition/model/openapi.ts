import type { Json, JsonObject } from "@antiphon/protocol";

export interface OpenApiOperation {
  /** The document's path as the function names it, `specs/callback.yaml`. */
  readonly document: string;
  readonly operationId: string;
  readonly method: string;
  /** With its placeholders, `/orders/{id}`. */
  readonly path: string;
  /** `servers[0].url`, if there is one. */
  readonly server?: string;
  /** `info.title` of the document, which configuration may name it by. */
  readonly title?: string;
  readonly parameters: readonly OpenApiParameter[];
  /** Absent: its request has none. */
  readonly body?: OpenApiBody;
  /** What its successful answers hold, as far as the document says that values in them have scalar types. */
  readonly answers?: readonly OpenApiAnswer[];
  /** Ways in which the caller may say who it is: each is good, and takes all that it names. None: nobody asks. */
  readonly security: readonly (readonly OpenApiSecurity[])[];
  readonly callbacks: readonly OpenApiCallback[];
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required: boolean;
  readonly style: OpenApiStyle;
  readonly explode: boolean;
  /** Characters such as `/` and `?` stay as they are. */
  readonly allowReserved?: true;
  /** It holds a document of this media type, in no style. */
  readonly mediaType?: string;
  /** What it is when it is required and nobody says. */
  readonly default?: Json;
}

export type OpenApiStyle = "matrix" | "label" | "simple" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";

/** The body of a request, in the one of its media types that a workflow's data fits best. */
export interface OpenApiBody {
  /** As the document has it, `application/json`. */
  readonly mediaType: string;
  /** How members are written, in a form or in several parts; those not named are written by what they are. */
  readonly parts?: Readonly<Record<string, OpenApiPart>>;
  /** The scalar types of a JSON body; absent: its schema names none. */
  readonly types?: ValueTypes;
}

/** A body that a service may answer with. */
export interface OpenApiAnswer {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  /** As the document has it, `application/json`. */
  readonly mediaType: string;
  readonly types: ValueTypes;
}

/** The scalar types of a body. Schemas refer to each other, in circles too, so it is a table; the first entry is the body. */
export type ValueTypes = readonly ValueType[];

/** What a schema says of the type of a value, and of what is in it; numbers are places in the table. */
export interface ValueType {
  readonly scalar?: ScalarType;
  /** By the member's name. */
  readonly members?: Readonly<Record<string, number>>;
  /** Of the members that are not named. */
  readonly others?: number;
  readonly items?: number;
}

export type ScalarType = "string" | "number" | "integer" | "boolean";

export interface OpenApiPart {
  /** Its bytes are given as base64, or as a text. */
  readonly binary?: true;
  readonly contentType?: string;
  /** Only where the document says one of them; then a form's member is written like a parameter. */
  readonly style?: OpenApiStyle;
  readonly explode?: boolean;
  readonly allowReserved?: true;
}

export interface OpenApiSecurity {
  /** The name of the scheme, by which configuration names it. */
  readonly name: string;
  readonly scheme: OpenApiSecurityScheme;
  readonly scopes: readonly string[];
}

export type OpenApiSecurityScheme =
  | { readonly type: "apiKey"; readonly in: "header" | "query" | "cookie"; readonly parameter: string }
  | { readonly type: "basic" }
  | { readonly type: "bearer" }
  /** OAuth 2, by whoever gives the tokens, if the document says. */
  | { readonly type: "oauth2"; readonly tokenUrl?: string; readonly issuer?: string };

export interface OpenApiCallback {
  readonly name: string;
  /** The runtime expression that says where the request carries the URL, without braces: `$request.body#/uri`. */
  readonly url: string;
  /** JSON schema of the body that the service will send, if the document has one. */
  readonly schema?: JsonObject;
}
