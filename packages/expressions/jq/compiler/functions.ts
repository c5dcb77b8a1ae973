import { BUILTINS, REFUSED } from "../builtins/builtins.ts";
import { LIBRARY } from "../builtins/library.ts";
import { type Body, functionCall, parameterCall } from "../filters/call.ts";
import { EMPTY, type Filter } from "../filters/filter.ts";
import type { Ast, Definition } from "../syntax/ast.ts";
import { parse } from "../syntax/parser.ts";
import type { Compiler } from "./compiler.ts";
import { type Found, type FunctionMeaning, Scope } from "./scope.ts";

/** The scope behind a definition, which is also the one in which its body stands: a function sees itself. */
export function defined(definition: Definition, scope: Scope): Scope {
  return scope.with({ kind: "function", name: definition.name, definition, bodies: new Map() });
}

/** A call of whatever the name means: a parameter, a function of the program, a builtin, a function of the library. */
export function compileCall(call: Ast & { kind: "call" }, scope: Scope, compiler: Compiler): Filter {
  const { name, position } = call;
  const arity = call.args.length;
  const found = scope.callable(name, arity) ?? null;
  if (found !== null && found.meaning.kind === "parameter") {
    return parameterCall(scope.depth - found.scope.depth, found.meaning.single);
  }
  const args = call.args.map((argument) => compiler.filter(argument, scope));
  if (found !== null) return callFunction(found as Found<FunctionMeaning>, args, scope, compiler);
  const signature = `${name}/${arity}`;
  const builtin = Object.hasOwn(BUILTINS, signature) ? BUILTINS[signature] : undefined;
  if (builtin !== undefined) return builtin(...args);
  const library = fromLibrary(name, arity, compiler);
  if (library !== null) return callFunction(library, args, scope, compiler);
  const refused = REFUSED.get(name);
  if (refused !== undefined) return compiler.fail(`${name} is not available: ${refused}`, position);
  return compiler.fail(`found ${signature}, which is not defined`, position);
}

function callFunction(
  { meaning, scope: definitionScope }: Found<FunctionMeaning>,
  args: readonly Filter[],
  scope: Scope,
  compiler: Compiler,
): Filter {
  const { parameters } = meaning.definition;
  return functionCall({
    stepsToDefinition: scope.depth - definitionScope.depth,
    body: bodyFor(meaning, definitionScope, args, compiler),
    args,
    values: args.filter((_, i) => parameters[i]?.isValue === true),
  });
}

/**
 * A function's body for arguments of which it is known whether each has exactly one output. While the body is compiled,
 * its calls of itself are assumed to have one output as well; if the whole then has not, it is compiled again without.
 * So plain recursion, such as a factorial, stays as direct as the rest.
 */
function bodyFor(
  { definition, bodies }: FunctionMeaning,
  definitionScope: Scope,
  args: readonly Filter[],
  compiler: Compiler,
): Body {
  const key = args.map(({ one }) => (one === null ? "*" : "1")).join("");
  const known = bodies.get(key);
  if (known !== undefined) return known;
  let scope = definitionScope;
  for (const [i, { name }] of definition.parameters.entries()) {
    scope = scope.with({ kind: "parameter", name, single: args[i]?.one !== null });
  }
  for (const { name, isValue } of definition.parameters) {
    if (isValue) scope = scope.with({ kind: "variable", name });
  }
  const body: Body = { filter: EMPTY, single: true };
  bodies.set(key, body);
  body.filter = compiler.filter(definition.body, scope);
  if (body.filter.one === null) {
    body.single = false;
    body.filter = compiler.filter(definition.body, scope);
  }
  return body;
}

function fromLibrary(name: string, arity: number, compiler: Compiler): Found<FunctionMeaning> | null {
  const signature = `${name}/${arity}`;
  const source = Object.hasOwn(LIBRARY, signature) ? LIBRARY[signature] : undefined;
  if (source === undefined) return null;
  let scope = compiler.library.get(signature);
  if (scope === undefined) {
    const program = parse(`${source} .`);
    if (program.kind !== "define") throw new Error(`the library's ${signature} is not a definition`);
    scope = defined(program.definition, Scope.OUTERMOST);
    compiler.library.set(signature, scope);
  }
  return scope.callable(name, arity) as Found<FunctionMeaning> | null;
}
