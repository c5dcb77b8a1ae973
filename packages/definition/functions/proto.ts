import type { JsonObject } from "@antiphon/protocol";
import protobuf from "protobufjs";
import type { Place } from "../document/node.ts";
import { once, type Reading } from "../document/reading.ts";
import { mendProtobufjs } from "./mended-protobufjs.ts";

mendProtobufjs();

/** How many `.proto` files one of them may import, and those again, without the well-known ones of `google/protobuf`. */
export const PROTO_FILES_MAX = 500;

/** Where SonataFlow projects keep them. */
const PROTO_FOLDER = "proto/";

/** Files that only say how a message is annotated, which no call needs; they are read where they are there. */
const ANNOTATIONS =
  /^(?:google\/api\/|google\/protobuf\/descriptor\.proto$|validate\/|buf\/|gogoproto\/|openapiv3\/|protoc-gen-openapiv2\/)/;

/** How much is told of what was found. */
const FOUND_LENGTH_MAX = 120;

/** How deep packages may be nested in packages. */
const PACKAGE_DEPTH_MAX = 64;

/** What a `.proto` file and its imports say. */
export interface Proto {
  readonly root: protobuf.Root;
  /** The root as JSON. */
  readonly protocol: JsonObject;
  /**
   * Services of the file itself, then those of what it imports, by their whole name and, the first of those that have it,
   * by their own.
   */
  readonly services: ReadonlyMap<string, protobuf.Service>;
}

/**
 * Reads a `.proto` file and what it imports. The well-known types of `google/protobuf` are always there. What is wrong is
 * reported, and then there is nothing.
 */
export function readProto(reference: string, place: Place, reading: Reading): Proto | undefined {
  const file = reading.sources.text(reference, place, PROTO_FOLDER);
  return file && once(protoAt, file.path, reading);
}

/** The name of a type or service with its package. */
export function fullNameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, "");
}

function protoAt(file: string, reading: Reading): Proto | undefined {
  const root = new protobuf.Root();
  const seen = new Set<string>();
  const wellKnown = new Set<string>();
  const services = new Set<protobuf.Service>();
  const path = add(file, placeAt(file, 1));
  if (path === undefined || !resolved(root, path, reading)) return undefined;
  const protocol = JSON.parse(JSON.stringify(root.toJSON())) as JsonObject;
  const whole = [...services].map((service) => [fullNameOf(service), service] as const);
  const byOwnName = [...services].reverse().map((service) => [service.name, service] as const);
  return { root, protocol, services: new Map([...byOwnName, ...whole]) };

  /** Returns the path of the file, if it and all that it imports can be read. */
  function add(reference: string, place: Place): string | undefined {
    const file = reading.sources.text(reference, place, PROTO_FOLDER);
    if (file === undefined || seen.has(file.path)) return file?.path;
    seen.add(file.path);
    // The first is imported by none.
    if (seen.size - 1 > PROTO_FILES_MAX) {
      reading.problems.report(place, `at most ${PROTO_FILES_MAX} imported files`, "more");
      return undefined;
    }
    const imports = parse(file.path, file.text, root, reading);
    if (imports !== undefined && imports.length > PROTO_FILES_MAX) {
      reading.problems.report(placeAt(file.path, 1), `at most ${PROTO_FILES_MAX} imports`, String(imports.length));
      return undefined;
    }
    for (const service of servicesIn(root, PACKAGE_DEPTH_MAX)) services.add(service);
    const added = imports?.map((name) => addImport(name, file.path, file.text));
    return added?.every((done) => done) ? file.path : undefined;
  }

  function addImport(name: string, file: string, text: string): boolean {
    const known = protobuf.common.get(name);
    if (known !== null) {
      if (!wellKnown.has(name)) root.addJSON(known.nested ?? {});
      wellKnown.add(name);
      return true;
    }
    const place = placeAt(file, lineOf(text, text.indexOf(name)));
    if (ANNOTATIONS.test(name) && !reading.sources.has(name, place, PROTO_FOLDER)) return true;
    return add(name, place) !== undefined;
  }
}

/** Returns what the file imports; undefined after a problem. */
function parse(path: string, text: string, root: protobuf.Root, reading: Reading): readonly string[] | undefined {
  try {
    const { imports = [], weakImports = [] } = protobuf.parse(text, root);
    return [...imports, ...weakImports];
  } catch (error) {
    const [, found = "", line = "1"] = /^(.*?)(?: \(line (\d+)\))?$/s.exec((error as Error).message) ?? [];
    reading.problems.report(placeAt(path, Number(line)), "a protocol buffers file", `something else (${cut(found)})`);
    return undefined;
  }
}

function resolved(root: protobuf.Root, path: string, reading: Reading): boolean {
  try {
    root.resolveAll();
    return true;
  } catch (error) {
    reading.problems.report(placeAt(path, 1), "types that all exist", cut((error as Error).message));
    return false;
  }
}

function servicesIn(namespace: protobuf.NamespaceBase, depth: number): readonly protobuf.Service[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [nested];
    return nested instanceof protobuf.Namespace && depth > 0 ? servicesIn(nested, depth - 1) : [];
  });
}

/** What the parser says may quote much of the file. */
function cut(text: string): string {
  return text.length > FOUND_LENGTH_MAX ? `${text.slice(0, FOUND_LENGTH_MAX)}…` : text;
}

function placeAt(file: string, line: number): Place {
  return { file, line, column: 1, pointer: "" };
}

function lineOf(text: string, index: number): number {
  return index < 0 ? 1 : text.slice(0, index).split("\n").length;
}
