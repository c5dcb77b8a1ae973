/** Bundles of which one part is blown up, by what that is: `n` is how often it comes. */
import type { Json } from "@antiphon/protocol";
import type { Bundle } from "../model.ts";

const inject = (i: number) => ({
  name: `s${i}`,
  type: "inject",
  data: {},
  ...(i === 0 ? { end: true } : { transition: `s${i - 1}` }),
});

const base = { id: "w", start: "s0", states: [inject(0)] };

type Files = Readonly<Record<string, string>>;

function workflow(members: object, files: Files = {}): Bundle {
  return { path: "w.sw.json", files: { "w.sw.json": JSON.stringify({ ...base, ...members }), ...files } };
}

function yaml(text: string): Bundle {
  const start = `id: w\nstart: s0\nstates: [${JSON.stringify(inject(0))}]\n`;
  return { path: "w.sw.yaml", files: { "w.sw.yaml": `${start}${text}\n` } };
}

function each<T>(n: number, make: (i: number) => T): readonly T[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

function object<T>(n: number, make: (i: number) => readonly [string, T]): Readonly<Record<string, T>> {
  return Object.fromEntries(each(n, make));
}

const lines = (n: number, make: (i: number) => string): string => each(n, make).join("\n");

const http = { name: "f", type: "custom", operation: "rest:get:http://x/" };

function operation(actions: readonly object[], members: object, files: Files = {}): Bundle {
  return workflow({ states: [{ name: "s0", type: "operation", actions, end: true }], ...members }, files);
}

/** A function of `document.json` for each operation that it has. */
function named(n: number, document: object, type?: string): Bundle {
  const functions = each(n, (i) => ({ name: `f${i}`, type, operation: `document.json#o${i}` }));
  return workflow({ functions }, { "document.json": JSON.stringify(document) });
}

function openApi(members: object): object {
  return { openapi: "3.0.0", servers: [{ url: "http://x" }], ...members };
}

/** A form whose schema is one of `schemas`. */
function form(schemas: object): Bundle {
  const schema = { $ref: "#/components/schemas/d0" };
  const post = { operationId: "o0", requestBody: { content: { "multipart/form-data": { schema } } } };
  return named(1, openApi({ components: { schemas }, paths: { "/p": { post } } }));
}

function proto(n: number, messages: string, methods: string, functions = 1): Bundle {
  const all = each(functions, (i) => ({ name: `f${i}`, type: "rpc", operation: `p.proto#S#m${i % n}` }));
  const text = `syntax = "proto3";\nmessage A {}\n${messages}\nservice S { ${methods} }`;
  return workflow({ functions: all }, { "p.proto": text });
}

const call = (i: number) => `rpc m${i}(A) returns (A);`;

export const BLOWN_UP: Readonly<Record<string, (n: number) => Bundle>> = {
  // There may be no more.
  states: (n) => workflow({ states: each(Math.min(n, 10_000), inject) }),
  "states that lead nowhere": (n) =>
    workflow({ states: each(n, (i) => ({ ...inject(1), name: `state${i}`, transition: `stste${i}` })) }),
  "members of JSON": (n) => workflow({ constants: object(n, (i) => [`k${i}`, i]) }),
  "members of YAML": (n) => yaml(`constants:\n${lines(n, (i) => `  k${i}: ${i}`)}`),
  "members that come again": (n) => yaml(lines(n, () => "id: w")),
  "members that nobody knows": (n) => workflow(object(n, (i) => [`unknown${i}`, i])),
  "members that nobody knows, and free ones": (n) =>
    workflow({ ...object(n, (i) => [`unknown${i}`, i]), ...object(n, (i) => [`x-free-${i}`, i]) }),
  anchors: (n) => yaml(`constants:\n${lines(n, (i) => `  k${i}: &a${i} { x: 1 }`)}`),
  aliases: (n) => yaml(`constants:\n  a: &a 1\n${lines(n, (i) => `  k${i}: *a`)}`),
  comments: (n) => yaml(lines(n, () => "# none")),
  "unclosed JSON": (n) => ({ path: "w.sw.json", files: { "w.sw.json": `${JSON.stringify(each(n, (i) => i))},` } }),
  functions: (n) =>
    operation(
      each(n, (i) => ({ functionRef: `f${i}`, actionDataFilter: { results: `fn:f${i}` } })),
      { functions: each(n, (i) => ({ name: `f${i}`, type: "expression", operation: `.a${i}` })) },
    ),
  namespaces: (n) =>
    operation(
      each(n, (i) => ({ functionRef: `n${i}:default` })),
      {
        extensions: [{ extensionid: "workflow-function-namespaces", namespaces: each(n, (i) => `n${i}`) }],
      },
      object(n, (i) => [`functions/n${i}.ts`, "export default 1"]),
    ),
  actions: (n) =>
    operation(
      each(n, (i) => ({ functionRef: { refName: "f", arguments: { a: `.x${i}` } } })),
      { functions: [http] },
    ),
  branches: (n) => {
    const branches = each(n, (i) => ({ name: `b${i}`, actions: [{ functionRef: "f" }] }));
    return workflow({ functions: [http], states: [{ name: "s0", type: "parallel", branches, end: true }] });
  },
  conditions: (n) => {
    const dataConditions = each(n, (i) => ({ condition: `.a == ${i}`, end: true }));
    return workflow({ states: [{ name: "s0", type: "switch", dataConditions, defaultCondition: { end: true } }] });
  },
  events: (n) => {
    const onEvents = each(n, (i) => ({ eventRefs: [`e${i}`] }));
    const states = [{ name: "s0", type: "event", onEvents, end: true }];
    const properties = lines(n, (i) => `mp.messaging.incoming.t${i}.topic=t${i}`);
    return workflow(
      { states, events: each(n, (i) => ({ name: `e${i}`, type: `t${i}` })) },
      { "application.properties": properties },
    );
  },
  "correlation that is misspelt": (n) => {
    const correlation = each(n, (i) => ({ contextAttributeName: `a${i}` }));
    const metadata = { correlation: object(n, (i) => [`b${i}`, ".x"]) };
    return workflow({ events: [{ name: "e", type: "t", correlation, metadata }] });
  },
  "error handlers": (n) =>
    workflow({
      errors: each(n, (i) => ({ name: `e${i}`, code: `c${i}` })),
      states: [{ ...inject(0), onErrors: each(n, (i) => ({ errorRef: `e${i}`, end: true })) }],
    }),
  retries: (n) =>
    operation(
      each(n, (i) => ({ functionRef: "f", retryRef: `r${i}` })),
      { functions: [http], retries: each(n, (i) => ({ name: `r${i}`, maxAttempts: i })) },
    ),
  auth: (n) =>
    workflow({
      auth: each(n, (i) => ({ name: `a${i}`, scheme: "bearer", properties: { token: "t" } })),
      functions: each(n, (i) => ({ name: `f${i}`, operation: `http://x/d${i}.json#o`, authRef: `a${i}` })),
    }),
  secrets: (n) => workflow({ constants: object(n, (i) => [`k${i}`, `$SECRET.s${i}`]) }),
  properties: (n) => workflow({}, { "application.properties": lines(n, (i) => `k${i}=\${k${i + 1}:x}`) }),
  "operations of OpenAPI": (n) =>
    named(n, openApi({ paths: object(n, (i) => [`/p${i}`, { get: { operationId: `o${i}` } }]) })),
  "operations of OpenAPI without a server": (n) =>
    named(n, { openapi: "3.0.0", paths: object(n, (i) => [`/p${i}`, { get: { operationId: `o${i}` } }]) }),
  "operations that there are not": (n) =>
    named(n, openApi({ paths: object(n, (i) => [`/p${i}`, { get: { operationId: `p${i}` } }]) })),
  "schemas one in another": (n) =>
    form(object(n, (i) => [`d${i}`, i === n - 1 ? {} : { allOf: [{ $ref: `#/components/schemas/d${i + 1}` }] }])),
  "schemas on many ways": (n) => {
    const width = Math.ceil(Math.sqrt(n) / 2);
    const all = (i: number) => each(width, () => ({ $ref: `#/components/schemas/d${i + 1}` }));
    return form(object(width, (i) => [`d${i}`, i === width - 1 ? { properties: { x: {} } } : { allOf: all(i) }]));
  },
  "schemas in a circle": (n) => {
    const at = (i: number) => `#/dataInputSchema/schema/definitions/d${i % n}`;
    const definitions = object(n, (i) => [`d${i}`, { properties: { a: { $ref: at(i + 1) } } }]);
    return workflow({ dataInputSchema: { schema: { definitions, $ref: at(0) } } });
  },
  "security that there is not": (n) =>
    named(
      1,
      openApi({
        components: { securitySchemes: object(n, (i) => [`s${i}`, { type: "http", scheme: "basic" }]) },
        paths: { "/p": { get: { operationId: "o0", security: each(n, (i) => ({ [`t${i}`]: [] })) } } },
      }),
    ),
  "operations of AsyncAPI": (n) =>
    named(
      n,
      { asyncapi: "2.0.0", channels: object(n, (i) => [`c${i}`, { publish: { operationId: `o${i}` } }]) },
      "asyncapi",
    ),
  "fields of protocol buffers": (n) =>
    proto(1, `message B {${lines(n, (i) => `int32 f${i} = ${i < 18_000 ? i + 1 : i + 2001};`)}}`, call(0)),
  "messages of protocol buffers": (n) =>
    proto(
      1,
      lines(n, (i) => `message M${i} { A a = 1; }`),
      call(0),
    ),
  "methods of protocol buffers": (n) => proto(n, "", lines(n, call), n),
  "functions of one's own that there are not": (n) =>
    workflow(
      { functions: each(n, (i) => ({ name: `f${i}`, type: "custom", operation: `other${i}` })) },
      object(n, (i) => [`functions/mod${i}.ts`, "export default 1"]),
    ),
  "exports of one module": (n) =>
    workflow(
      { functions: each(n, (i) => ({ name: `f${i}`, type: "custom", operation: `mod:e${i}` })) },
      { "functions/mod.ts": lines(n, (i) => `export function e${i}() {}`) },
    ),
  "spaces in a module": (n) =>
    workflow(
      { functions: [{ name: "f", type: "custom", operation: "mod" }] },
      { "functions/mod.ts": `export function${" ".repeat(20 * n)}(` },
    ),
  "spaces after a variable": (n) =>
    workflow({ states: [{ ...inject(0), stateDataFilter: { output: `$WORKFLOW${" ".repeat(20 * n)}` } }] }),
  "slashes of a server": (n) =>
    named(1, {
      openapi: "3.0.0",
      servers: [{ url: `${"/".repeat(20 * n)}x` }],
      paths: { "/p": { get: { operationId: "o0" } } },
    }),
};

/** A document with what stands at one place of it blown up: items and members come `n` times, a text is as long. */
export function blownUp(value: Json, [step, ...more]: readonly (string | number)[], n: number): Json {
  if (step !== undefined) {
    if (Array.isArray(value)) return value.map((item: Json, i) => (i === step ? blownUp(item, more, n) : item));
    const entries = Object.entries(value as Readonly<Record<string, Json>>);
    return Object.fromEntries(entries.map(([name, one]) => [name, name === step ? blownUp(one, more, n) : one]));
  }
  if (typeof value === "string") return value.padEnd(10 * n, `${value} `);
  if (Array.isArray(value)) return each(n, (i) => renamed(value[i % value.length] as Json, i));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  const more_ = each(n, (i) => [
    `${entries[i % entries.length]?.[0] ?? "a"}${i}`,
    entries[i % entries.length]?.[1] ?? i,
  ]);
  return Object.fromEntries([...entries, ...more_]) as Json;
}

/** Things of one list have different names. */
function renamed(item: Json, i: number): Json {
  if (typeof item === "string") return `${item}${i}`;
  if (typeof item !== "object" || item === null || Array.isArray(item) || !("name" in item)) return item;
  return { ...item, name: `${String((item as Readonly<Record<string, Json>>).name)}${i}` } as Json;
}
