import type { NamedSchema, Schema, Schemas } from "./schema-members.ts";

/** Opens what a URI names, as a document says it. */
export type Open = (uri: string) => Promise<unknown>;

/** Every member of the schemas, `action.retryRef`; each value of a list of values, `onevents.actionMode=parallel`; each form, `start: object`. */
export function allMembers(schemas: Schemas): ReadonlySet<string> {
  const members = new Set<string>();
  const seen = new Set<Schema>();
  const visit = (named: NamedSchema, file: string, place: string): void => {
    const {
      named: { schema, name },
      file: at,
    } = schemas.resolved(named, file);
    const forms = formsOf(schema);
    if (forms.length > 1)
      for (const form of forms) for (const type of typesOf(schemas, form, at)) members.add(`${place}: ${type}`);
    for (const value of schema.enum ?? []) members.add(`${place}=${value}`);
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const [property, inner] of Object.entries(schema.properties ?? {})) {
      members.add(`${name}.${property}`);
      visit({ schema: inner, name: property }, at, `${name}.${property}`);
    }
    if (schema.items !== undefined) visit({ schema: schema.items, name }, at, place);
    for (const form of forms) visit({ schema: form, name }, at, place);
  };
  visit(schemas.workflow, "workflow.json", "workflow");
  visit(schemas.odata, "odata.json", "odata");
  return members;
}

/** The members that a document uses, and the files that it refers to. Throws if something fits no schema. */
export async function membersUsed(schemas: Schemas, document: unknown, open: Open): Promise<ReadonlySet<string>> {
  const members = new Set<string>();
  const odataFunctions = new Set<unknown>();
  const visit = async (value: unknown, named: NamedSchema, file: string, place: string): Promise<void> => {
    const {
      named: { schema, name },
      file: at,
    } = schemas.resolved(named, file);
    if (Array.isArray(schema.enum)) members.add(`${place}=${value}`);
    const forms = formsOf(schema);
    if (forms.length > 1) members.add(`${place}: ${typeOf(value)}`);
    if (typeof value === "string" && forms.some(({ format }) => format === "uri")) {
      const property = place.slice(place.lastIndexOf(".") + 1);
      return await visit(contentOf(await open(value), property), named, file, place);
    }
    for (const form of forms) if (fits(schemas, value, form, at)) await visit(value, { schema: form, name }, at, place);
    if (Array.isArray(value) && schema.items !== undefined) {
      for (const item of value) await visit(item, { schema: schema.items, name }, at, place);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [property, inner] of Object.entries(value)) {
      const known = schema.properties?.[property];
      if (known === undefined) continue;
      members.add(`${name}.${property}`);
      await visit(inner, { schema: known, name: property }, at, `${name}.${property}`);
    }
    if (name === "function" && "type" in value && value.type === "odata" && "name" in value)
      odataFunctions.add(value.name);
    if (name === "functionref" && "arguments" in value && "refName" in value && odataFunctions.has(value.refName)) {
      await visit(value.arguments, schemas.odata, "odata.json", "odata");
    }
  };
  // Functions come first, so that it is known what their references are to.
  const { functions, ...others } = document as { readonly functions?: unknown };
  await visit(
    { ...(functions !== undefined && { functions }), ...others },
    schemas.workflow,
    "workflow.json",
    "workflow",
  );
  return members;
}

function formsOf(schema: Schema): readonly Schema[] {
  // Some alternatives say only what has to be there.
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter((form) =>
    Object.keys(form).some((key) => key !== "required"),
  );
}

/** A file may have the part alone, or under its name. */
function contentOf(content: unknown, property: string): unknown {
  return (content as Readonly<Record<string, unknown>> | undefined)?.[property] ?? content;
}

function typesOf(schemas: Schemas, form: Schema, file: string): readonly string[] {
  const {
    named: { schema },
    file: at,
  } = schemas.resolved({ schema: form, name: "" }, file);
  if (schema.type !== undefined) return [schema.type].flat();
  return formsOf(schema).flatMap((one) => typesOf(schemas, one, at));
}

/** Whether a value is meant by one of several forms: by its type, by what it must have and must not have. */
function fits(schemas: Schemas, value: unknown, form: Schema, file: string): boolean {
  const {
    named: { schema },
    file: at,
  } = schemas.resolved({ schema: form, name: "" }, file);
  const forms = formsOf(schema);
  if (forms.length > 0) return forms.some((one) => fits(schemas, value, one, at));
  if (schema.type !== undefined && ![schema.type].flat().includes(typeOf(value))) return false;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const own: Readonly<Record<string, unknown>> = { ...value };
  for (const [name, { const: fixed }] of Object.entries(schema.properties ?? {})) {
    if (fixed !== undefined && own[name] !== fixed) return false;
  }
  if ((schema.required ?? []).some((name) => !(name in own))) return false;
  return schema.additionalProperties !== false || Object.keys(own).every((name) => name in (schema.properties ?? {}));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
}
