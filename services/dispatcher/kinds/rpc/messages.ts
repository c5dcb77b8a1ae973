import type { RpcMethod } from "@antiphon/definition";
import { isExactNumber, isJsonObject, type Json, type JsonObject } from "@antiphon/protocol";
import protobuf from "protobufjs";
import protojson from "protobufjs/ext/protojson.js";
import { ActionError } from "../../perform/action-error.ts";

/** How a method's messages are written and read. */
export interface MessageCodec {
  /** Throws `ActionError` if the value is none of the request's messages. */
  write(value: Json): Buffer;
  read(bytes: Uint8Array): Json;
}

/**
 * The messages of a method, between bytes and the JSON that protocol buffers define for them, which is what SonataFlow has:
 * names in camel case, 64-bit integers and bytes as texts, enums by their names, what has its default value left out.
 * Numbers come in all their digits. `withEnums`: an enum that is left out is named all the same.
 */
export function messageCodec({ protocol, request, response }: RpcMethod, withEnums: boolean): MessageCodec {
  const root = protobuf.Root.fromJSON(protocol as protobuf.INamespace);
  root.resolveAll();
  const written = root.lookupType(request);
  const answered = root.lookupType(response);
  return {
    write(value) {
      try {
        return Buffer.from(written.encode(protojson.fromJson(written, plain(value))).finish());
      } catch (error) {
        const found = (error as Error).message.replace(/^\./, "");
        throw new ActionError("400", `expected a message ${request}, found something else (${found})`, {
          cause: error,
        });
      }
    },
    read(bytes) {
      const json = protojson.toJson(answered, answered.decode(bytes)) as Json;
      return withEnums ? withDefaults(json, answered) : json;
    },
  };
}

/** Numbers that a double does not hold become texts, of which the reader of messages takes all digits. */
function plain(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (isExactNumber(value)) {
    const number = Number(value.rawJSON);
    return Number.isInteger(number) && !Number.isSafeInteger(number) ? value.rawJSON : number;
  }
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** A message with each of its enums that is left out, also in the messages within. */
function withDefaults(json: Json, type: protobuf.Type): Json {
  if (!isJsonObject(json) || type.fullName.startsWith(".google.protobuf.")) return json;
  const filled = new Map<string, Json>(Object.entries(json));
  for (const field of type.fieldsArray) {
    const { jsonName, resolvedType, repeated, map, partOf } = field;
    const value = filled.get(jsonName);
    if (resolvedType instanceof protobuf.Type && value !== undefined) {
      filled.set(
        jsonName,
        eachOf(value, repeated, map, (one) => withDefaults(one, resolvedType)),
      );
    } else if (resolvedType instanceof protobuf.Enum && value === undefined && !repeated && !map && partOf === null) {
      filled.set(jsonName, resolvedType.valuesById[Number(field.defaultValue ?? 0)] ?? 0);
    }
  }
  return Object.fromEntries(filled);
}

function eachOf(value: Json, repeated: boolean, map: boolean, of: (one: Json) => Json): Json {
  if (repeated && Array.isArray(value)) return value.map(of);
  if (!map || !isJsonObject(value)) return of(value);
  const members = Object.entries(value satisfies JsonObject);
  return Object.fromEntries(members.map(([name, member]) => [name, of(member)]));
}
