import { readdir, readFile } from "node:fs/promises";

/** The official schemas of Serverless Workflow 0.8, where they are at hand: they are no part of this repository. */
export const SCHEMAS = new URL("../../../shared/reference/serverless-workflow-0.8/", import.meta.url);

/** What schemas are made of, as far as those of 0.8 go. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly title?: string;
}

/** A schema and the name by which its members are told, `workflow.json#/definitions/action` is `action`. */
export interface NamedSchema {
  readonly schema: Schema;
  readonly name: string;
}

/** The schemas of 0.8, each file by its name. */
export class Schemas {
  readonly #files: ReadonlyMap<string, Schema>;

  private constructor(files: ReadonlyMap<string, Schema>) {
    this.#files = files;
  }

  /** Reads them; undefined: they are not here. */
  static async read(): Promise<Schemas | undefined> {
    const names = await readdir(SCHEMAS).catch(() => undefined);
    if (names === undefined) return undefined;
    const texts = names.map(
      async (name) => [name, JSON.parse(await readFile(new URL(name, SCHEMAS), "utf8"))] as const,
    );
    return new Schemas(new Map(await Promise.all(texts)));
  }

  /** The schema of a whole workflow. */
  get workflow(): NamedSchema {
    return { schema: this.#file("workflow.json"), name: "workflow" };
  }

  /** What the arguments of an OData function are; its file has the members where others have none. */
  get odata(): NamedSchema {
    const { key, queryOptions } = this.#file("odata.json") as Readonly<Record<string, Schema>>;
    if (key === undefined || queryOptions === undefined) throw new Error("odata.json: expected key and queryOptions");
    const inFile = { ...queryOptions, $ref: `odata.json${queryOptions.$ref}` };
    return { schema: { type: "object", properties: { key, queryOptions: inFile } }, name: "odata" };
  }

  /** Follows a reference; the schema itself if it is none. */
  resolved({ schema, name }: NamedSchema, file: string): { readonly named: NamedSchema; readonly file: string } {
    if (schema.$ref === undefined) return { named: { schema, name }, file };
    const [path = "", pointer = ""] = schema.$ref.split("#");
    const target = path === "" ? file : path;
    let found: unknown = this.#file(target);
    const steps = pointer.split("/").slice(1);
    for (const step of steps) found = (found as Readonly<Record<string, unknown>>)[step];
    if (found === undefined) throw new Error(`${file}: expected ${schema.$ref} to lead somewhere`);
    const named = { schema: found as Schema, name: steps.at(-1) ?? name };
    return this.resolved(named, target);
  }

  #file(name: string): Schema {
    const schema = this.#files.get(name);
    if (schema === undefined) throw new Error(`expected a schema ${name}, found ${[...this.#files.keys()]}`);
    return schema;
  }
}
