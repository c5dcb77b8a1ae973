import { Kind, parse, print, valueFromASTUntyped } from "graphql";

/** What a GraphQL request asks for, whichever way it is written. */
export function graphQlQuestion({ query, variables }: { readonly query: string; readonly variables?: object }): object {
  const [operation] = parse(query, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`expected one operation, found ${query}`);
  const [field] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD) throw new Error(`expected one field, found ${query}`);
  const args = (field.arguments ?? []).map(({ name, value }) => [
    name.value,
    valueFromASTUntyped(value, { ...variables }),
  ]);
  return {
    operation: operation.operation,
    field: field.name.value,
    arguments: JSON.parse(JSON.stringify(Object.fromEntries(args))),
    ...(field.selectionSet !== undefined && { selects: print(field.selectionSet).replaceAll(/\s+/g, " ") }),
  };
}
