import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "corpus");

/** What a file of the corpus is for, which is the folder that it is in. */
export type Kind = "structured" | "batch" | "binary" | "json" | "definitions" | "orders";

/** A piece of hostile input. Its name says what it is. */
export interface Piece {
  readonly name: string;
  readonly bytes: Buffer;
}

/** An event in binary mode: attributes in headers, `ce-` in front, and a body. */
export interface BinaryPiece extends Piece {
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** All pieces of a kind, by name. */
export function pieces(kind: Kind): readonly Piece[] {
  const files = readdirSync(join(FOLDER, kind)).sort();
  return files.map((file) => ({ name: `${kind}/${file}`, bytes: readFileSync(join(FOLDER, kind, file)) }));
}

/** Those that are written as in an HTTP message: a header a line, an empty line, the body. */
export function binaryPieces(): readonly BinaryPiece[] {
  return pieces("binary").map(({ name, bytes }) => {
    const end = bytes.indexOf("\n\n");
    const lines = bytes.subarray(0, end).toString("latin1").split("\n");
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    return { name, headers, bytes: bytes.subarray(end + 2) };
  });
}

/** Paths with their query, one a line. */
export function paths(): readonly string[] {
  return readFileSync(join(FOLDER, "paths.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}
