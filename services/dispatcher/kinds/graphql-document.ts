import { type GraphQlField, selectionSetProblem } from "@antiphon/definition";
import { isExactNumber, type Json, type JsonObject } from "@antiphon/protocol";
import {
  type ArgumentNode,
  type ConstValueNode,
  Kind,
  type NameNode,
  OperationTypeNode,
  parse,
  parseType,
  print,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from "graphql/language";
import { ActionError } from "../perform/action-error.ts";

/** How much of a selection that is none is told. */
const QUOTE_LENGTH_MAX = 80;

const NAME = /^[A-Za-z_]\w*$/;

/** A GraphQL request: a document, and the values of its variables. */
export interface GraphQlDocument {
  readonly query: string;
  readonly operationName: string;
  readonly variables?: JsonObject;
}

/**
 * The document that asks for a field. An argument whose type is known (`variableTypes`, by name: `{ id: "ID!" }`) is a
 * variable; without a type, which only the service's schema could tell, it is written into the document. Throws
 * `ActionError` if a name, a type or the selection is none of GraphQL's.
 */
export function graphQlDocument(
  { operation, field }: GraphQlField,
  args: JsonObject,
  selectionSet: string | undefined,
  variableTypes: JsonObject,
): GraphQlDocument {
  const definitions: VariableDefinitionNode[] = [];
  const variables: Record<string, Json> = {};
  const written = Object.entries(args).map(([name, value]): ArgumentNode => {
    const type = Object.hasOwn(variableTypes, name) ? variableTypes[name] : undefined;
    if (typeof type !== "string") return { kind: Kind.ARGUMENT, name: nameNode(name), value: literal(value) };
    const variable = { kind: Kind.VARIABLE, name: nameNode(name) } as const;
    definitions.push({ kind: Kind.VARIABLE_DEFINITION, variable, type: typeNode(name, type), directives: [] });
    variables[name] = value;
    return { kind: Kind.ARGUMENT, name: nameNode(name), value: variable };
  });
  const query = print({
    kind: Kind.OPERATION_DEFINITION,
    operation: operation === "query" ? OperationTypeNode.QUERY : OperationTypeNode.MUTATION,
    name: nameNode(field),
    variableDefinitions: definitions,
    directives: [],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [
        {
          kind: Kind.FIELD,
          name: nameNode(field),
          arguments: written,
          ...(selectionSet !== undefined && { selectionSet: selection(selectionSet) }),
        },
      ],
    },
  });
  return { query, operationName: field, ...(definitions.length > 0 && { variables }) };
}

function literal(value: Json): ConstValueNode {
  if (value === null) return { kind: Kind.NULL };
  if (typeof value === "string") return { kind: Kind.STRING, value };
  if (typeof value === "boolean") return { kind: Kind.BOOLEAN, value };
  if (typeof value === "number" || isExactNumber(value)) {
    const digits = typeof value === "number" ? String(value) : value.rawJSON;
    return { kind: /^-?\d+$/.test(digits) ? Kind.INT : Kind.FLOAT, value: digits };
  }
  if (Array.isArray(value)) return { kind: Kind.LIST, values: value.map(literal) };
  const fields = Object.entries(value as JsonObject);
  return {
    kind: Kind.OBJECT,
    fields: fields.map(([name, member]) => ({
      kind: Kind.OBJECT_FIELD,
      name: nameNode(name),
      value: literal(member),
    })),
  };
}

function nameNode(value: string): NameNode {
  if (NAME.test(value)) return { kind: Kind.NAME, value };
  throw new ActionError("400", `expected a name of GraphQL, found ${JSON.stringify(value)}`);
}

function typeNode(name: string, type: string): VariableDefinitionNode["type"] {
  try {
    return parseType(type, { noLocation: true });
  } catch (error) {
    const message = `variable type of "${name}": expected a type of GraphQL, found ${JSON.stringify(type)}`;
    throw new ActionError("400", message, { cause: error });
  }
}

function selection(text: string): SelectionSetNode {
  const problem = selectionSetProblem(text);
  if (problem !== undefined) {
    throw new ActionError(
      "400",
      `expected a selection set of GraphQL, found ${JSON.stringify(text.slice(0, QUOTE_LENGTH_MAX))}: ${problem}`,
    );
  }
  const [definition] = parse(text, { noLocation: true }).definitions;
  if (definition?.kind === Kind.OPERATION_DEFINITION) return definition.selectionSet;
  throw new Error("expected a selection set to be parsed as a query");
}
