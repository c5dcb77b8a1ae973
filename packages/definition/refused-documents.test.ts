import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsIn } from "./testing/read-text.ts";
import { STATES_MAX } from "./workflow/state-list.ts";

const DONE = "  - { name: done, type: inject, data: {}, end: true }\n";
const NAMES = `
functions:
  - { name: log, type: custom, operation: sysout }
  - { name: total, type: expression, operation: .total }
events: [{ name: paid, type: order.paid }]
errors: [{ name: late, code: TimedOut }]
`;

/** Problems of a workflow with this state, which begins in line 4, and with `done`. */
function problemsOfState(state: string): readonly string[] {
  return problemsIn(`id: a\nstart: done\nstates:\n  - ${state}\n${DONE}${NAMES}`);
}

/** Problems of a workflow with these lines, of which the first is line 4. */
function problemsOfLines(lines: string): readonly string[] {
  return problemsIn(`id: a\nstart: done\nstates: [{ name: done, type: inject, data: {}, end: true }]\n${lines}`);
}

test("all problems of a document are told at once, by line", () => {
  const problems = problemsIn(`{
  "id": "callback",
  "start": "ask",
  "functions": [{ "name": "print", "type": "custom", "operation": "sysout" }],
  "events": [{ "name": "answered", "type": "answer" }, { "name": "answered", "type": "other" }],
  "states": [
    {
      "name": "ask",
      "type": "callback",
      "action": { "functionRef": "prnt" },
      "eventRef": "answerd",
      "transition": "waitt"
    },
    { "name": "wait", "type": "sleep", "duration": "P1M", "transition": "ask", "end": true },
    { "name": "wait", "typ": "sleep" }
  ],
  "retries": [{ "name": "r" }]
}`);
  assert.deepEqual(problems, [
    '5:66 /events/1/name: expected a name that no other of the events has, found "answered"',
    '10:34 /states/0/action/functionRef: expected the name of a function, found "prnt"; did you mean "print"?',
    '11:19 /states/0/eventRef: expected the name of an event, found "answerd"; did you mean "answered"?',
    '12:21 /states/0/transition: expected the name of a state, found "waitt"; did you mean "wait"?',
    "14:5 /states/1: expected either a transition or an end, found both",
    '14:52 /states/1/duration: expected a duration without years and months, which are not of one length, found "P1M"',
    '15:5 /states/2/type: expected "inject", "operation", "callback", "event", "switch", "parallel", "foreach" or "sleep", found nothing',
    '15:15 /states/2/name: expected a name that no other of the states has, found "wait"',
    "17:15 /retries/0/maxAttempts: expected how many attempts there are after the first, found nothing",
  ]);
});

test("a text that is neither JSON nor YAML is told with its place", () => {
  assert.deepEqual(problemsIn("id: a\nstates: [1,\nstart: b"), [
    "3:1: expected YAML, found something else (Flow sequence in block collection must be sufficiently indented and end with a ])",
  ]);
  assert.deepEqual(problemsIn(""), ["1:1: expected a document, found an empty file"]);
  assert.deepEqual(problemsIn("- id: a"), ["1:1: expected a workflow, found an array"]);
  assert.deepEqual(problemsIn("id: a\nstates: []\nstart: b\nid: b"), [
    "2:9 /states: expected an array with a state in each place, found an empty array",
    '3:8 /start: expected the name of a state, found "b"',
    '4:1 /id: expected each member once, found "id" again',
  ]);
});

test("a workflow has as many states as it may, and no more", () => {
  const workflow = (count: number) => {
    const states = Array.from({ length: count }, (_, i) => `{ name: ä${i}, type: inject, data: {}, end: true }`);
    return `id: a\nstart: ä0\nstates: [${states.join(", ")}]`;
  };
  assert.deepEqual(problemsIn(workflow(STATES_MAX)), []);
  assert.deepEqual(problemsIn(workflow(STATES_MAX + 1)), ["3:9 /states: expected at most 10000 states, found 10001"]);
});

test("an empty workflow is told what it lacks", () => {
  assert.deepEqual(problemsIn("{}"), [
    "1:1 /id: expected the id of the workflow, found nothing",
    "1:1 /states: expected the states of the workflow, found nothing",
    "1:1 /start: expected the name of the state to start in, found nothing",
  ]);
  assert.deepEqual(problemsIn("id: a\nstart: b\nstates: []"), [
    '2:8 /start: expected the name of a state, found "b"',
    "3:9 /states: expected an array with a state in each place, found an empty array",
  ]);
});

test("an id that would hide a route, or is no step of a path, is refused", () => {
  const problemsOfId = (id: string) =>
    problemsIn(`id: ${JSON.stringify(id)}\nstart: d\nstates: [{ name: d, type: inject, data: {}, end: true }]`);
  for (const id of ["v1", "q", "management", "callbacks", "console"]) {
    assert.deepEqual(problemsOfId(id), [
      `1:5 /id: expected an id that hides no route of Antiphon's own, as /${id} is, found "${id}"`,
    ]);
  }
  for (const id of ["a/b", " a", "a ", "a\tb", "a?b", ".."]) {
    assert.deepEqual(problemsOfId(id), [
      `1:5 /id: expected an id that can be a step of a URL's path: no spaces around it, none of / \\ ? # %, not . or .., found ${JSON.stringify(id)}`,
    ]);
  }
  assert.deepEqual(problemsOfId(""), ['1:5 /id: expected the id of the workflow, found ""']);
  for (const id of ["callback_state-2.v1", "Switch test"]) assert.deepEqual(problemsOfId(id), []);
});

test("a misspelt member is refused with the name that was perhaps meant", () => {
  assert.deepEqual(problemsOfLines("keepAlive: true\nowner: me"), [
    '4:1 /keepAlive: expected a member of a workflow, found "keepAlive"; did you mean "keepActive"?',
  ]);
  assert.deepEqual(problemsOfState("{ name: s, type: inject, data: {}, transitions: done, end: true }"), [
    '4:40 /states/0/transitions: expected a member of an inject state, found "transitions"; did you mean "transition"?',
  ]);
});

test("with antiphon.compatibility=sonataflow members that nobody knows are read over, as SonataFlow does", () => {
  const text = `id: a
owner: me
start: s
extensions: [{ extensionid: other, of: anybody }]
states:
  - name: s
    type: operation
    actions: [{ functionRef: nothing, tries: 3 }]
    end: { terminated: true }`;
  const refused = ['8:30 /states/0/actions/0/functionRef: expected the name of a function, found "nothing"'];
  assert.deepEqual(problemsIn(text, { env: { ANTIPHON_COMPATIBILITY: "sonataflow" } }), refused);
  const files = { "application.properties": "antiphon.compatibility=sonataflow" };
  assert.deepEqual(problemsIn(text, { files }), refused);
  assert.equal(problemsIn(text).length, 3);
});

test("a state that leads nowhere, or in two directions, is refused", () => {
  assert.deepEqual(problemsOfState("{ name: s, type: inject, data: {} }"), [
    "4:5 /states/0: expected a transition or an end, found neither",
  ]);
  assert.deepEqual(problemsOfState("{ name: s, type: inject, data: {}, end: false }"), [
    "4:5 /states/0: expected a transition or an end, found neither",
  ]);
  assert.deepEqual(problemsOfState("{ name: s, type: inject, data: {}, end: yes }"), [
    "4:5 /states/0: expected a transition or an end, found neither",
    '4:45 /states/0/end: expected true or false, found "yes"',
  ]);
});

test("a switch needs conditions, each with a condition and a way on", () => {
  assert.deepEqual(problemsOfState("{ name: s, type: switch, dataConditions: [], defaultCondition: { end: true } }"), [
    "4:46 /states/0/dataConditions: expected conditions, found none",
  ]);
  assert.deepEqual(
    problemsOfState("{ name: s, type: switch, dataConditions: [{ transition: nowhere }, { condition: .a }] }"),
    [
      "4:47 /states/0/dataConditions/0/condition: expected an expression, found nothing",
      '4:61 /states/0/dataConditions/0/transition: expected the name of a state, found "nowhere"',
      "4:72 /states/0/dataConditions/1: expected a transition or an end, found neither",
    ],
  );
});

test("an action calls one thing, which exists", () => {
  assert.deepEqual(
    problemsOfState(`name: s
    type: operation
    actions:
      - { name: none }
      - { functionRef: total, eventRef: { triggerEventRef: paid } }
      - { functionRef: { arguments: {} } }
      - { functionRef: [total] }
      - { eventRef: { triggerEventRef: paied } }
      - { functionRef: total, condition: "fn:totl" }
    end: true`),
    [
      "7:9 /states/0/actions/0: expected a functionRef, an eventRef or a subFlowRef, found none",
      "8:9 /states/0/actions/1: expected one of functionRef, eventRef and subFlowRef, found two",
      "9:24 /states/0/actions/2/functionRef/refName: expected the name of a function, found nothing",
      "10:24 /states/0/actions/3/functionRef: expected a function reference, found an array",
      '11:40 /states/0/actions/4/eventRef/triggerEventRef: expected the name of an event, found "paied"; did you mean "paid"?',
      '12:42 /states/0/actions/5/condition: expected the name of an expression function, found "totl"; did you mean "total"?',
    ],
  );
});

test("sysout needs a message", () => {
  assert.deepEqual(
    problemsOfState(`name: s
    type: operation
    actions:
      - { functionRef: log }
      - { functionRef: { refName: log } }
      - { functionRef: { refName: log, arguments: { mesage: hi } } }
      - { functionRef: { refName: log, arguments: "\${ {message: .text} }" } }
    end: true`),
    [
      '7:9 /states/0/actions/0/arguments: expected arguments with a "message" for sysout, found nothing',
      '8:24 /states/0/actions/1/functionRef/arguments: expected arguments with a "message" for sysout, found nothing',
      '9:51 /states/0/actions/2/functionRef/arguments: expected arguments with a "message" for sysout, found an object',
    ],
  );
});

test("events to wait for, error handlers and filters are checked", () => {
  assert.deepEqual(
    problemsOfState(`name: s
    type: event
    onEvents: [{ eventRefs: [paid, shipped] }, { eventRefs: [] }, { actions: [] }]
    timeouts: { eventTimeout: soon, evenTimeout: PT1S }
    stateDataFilter: { input: [.a] }
    onErrors: [{ end: true }, { errorRef: lat, errorRefs: [late], transition: done }]
    end: true`),
    [
      '6:36 /states/0/onEvents/0/eventRefs/1: expected the name of an event, found "shipped"',
      "6:48 /states/0/onEvents/1/eventRefs: expected names of events, found none",
      "6:67 /states/0/onEvents/2/eventRefs: expected names of events, found none",
      '7:31 /states/0/timeouts/eventTimeout: expected an ISO 8601 duration such as "PT1H30M", or an expression, found "soon"',
      '7:37 /states/0/timeouts/evenTimeout: expected a member of timeouts, found "evenTimeout"; did you mean "eventTimeout"?',
      "8:31 /states/0/stateDataFilter/input: expected an expression, found an array",
      "9:16 /states/0/onErrors/0: expected an errorRef or errorRefs, found neither",
      "9:31 /states/0/onErrors/1: expected either an errorRef or errorRefs, found both",
      '9:43 /states/0/onErrors/1/errorRef: expected the name of an error, found "lat"; did you mean "late"?',
    ],
  );
  assert.deepEqual(problemsOfState("{ name: s, type: event, end: true }"), [
    "4:5 /states/0/onEvents: expected events to wait for, found none",
  ]);
  assert.deepEqual(problemsOfState("{ name: s, type: callback, end: true }"), [
    "4:5 /states/0/eventRef: expected the name of an event, found nothing",
  ]);
});

test("a duration is ISO 8601 without years and months", () => {
  const expected = 'expected an ISO 8601 duration such as "PT1H30M", or an expression';
  for (const [text, problem] of [
    ["PT", `${expected}, found "PT"`],
    ["P1X", `${expected}, found "P1X"`],
    ["-PT1S", `${expected}, found "-PT1S"`],
    ["P1Y2M", 'expected a duration without years and months, which are not of one length, found "P1Y2M"'],
  ]) {
    assert.deepEqual(problemsOfState(`{ name: s, type: sleep, duration: ${text}, end: true }`), [
      `4:39 /states/0/duration: ${problem}`,
    ]);
  }
  assert.deepEqual(problemsOfState("{ name: s, type: sleep, end: true }"), [
    "4:5 /states/0/duration: expected the duration of the sleep, found nothing",
  ]);
});

test("a function's operation is checked by its type", () => {
  assert.deepEqual(
    problemsOfLines(`functions:
  - { name: a, operation: specs/a.yaml }
  - { name: b, operation: "specs/a.yaml#b#c" }
  - { name: c, operation: "https://example.com/a.yaml#b" }
  - { name: d, operation: "specs/a.yaml#b" }
  - { name: e, type: custom, operation: "rest:PSOT:http://localhost" }
  - { name: f, type: custom, operation: "sysout:LOUD" }
  - { name: g, type: custom, operation: "service:java:Class::method" }
  - { name: h, type: rpc, operation: "a.proto#S#m" }
  - { name: i, type: expresion, operation: . }
  - { name: j, type: expression }
  - { name: k, type: expression, operation: [.] }`),
    [
      '5:27 /functions/0/operation: expected an OpenAPI document and an operation, "specs/orders.yaml#createOrder", found "specs/a.yaml"',
      '6:27 /functions/1/operation: expected an OpenAPI document and an operation, "specs/orders.yaml#createOrder", found "specs/a.yaml#b#c"',
      '7:27 /functions/2/operation: expected a document that was fetched, found "https://example.com/a.yaml"',
      '8:27 /functions/3/operation: expected a file of the resources folder (looked for "specs/a.yaml", "specs/specs/a.yaml", "schema/specs/a.yaml", "schemas/specs/a.yaml"), found "specs/a.yaml"',
      '9:41 /functions/4/operation: expected "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD" or "OPTIONS", found "PSOT"; did you mean "POST"?',
      '10:41 /functions/5/operation: expected a level, "TRACE", "DEBUG", "INFO", "WARN" or "ERROR", found "sysout:LOUD"',
      '11:41 /functions/6/operation: expected a function of your own, "functions/Class.ts", that exports "method", found "service:java:Class::method"',
      '12:38 /functions/7/operation: expected a file of the resources folder (looked for "a.proto", "specs/a.proto", "schema/a.proto", "schemas/a.proto", "proto/a.proto"), found "a.proto"',
      '13:22 /functions/8/type: expected "rest", "custom", "expression", "asyncapi", "rpc", "graphql" or "odata", found "expresion"; did you mean "expression"?',
      "14:5 /functions/9/operation: expected the operation of the function, found nothing",
      "15:45 /functions/10/operation: expected the operation of the function, found an array",
    ],
  );
});

test("a list whose file is missing is told once, not again for each name of it", () => {
  const text = `id: a
start: s
functions: functions.json
states: [{ name: s, type: operation, actions: [{ functionRef: one }, { functionRef: two, condition: "fn:three" }], end: true }]`;
  assert.deepEqual(problemsIn(text), [
    '3:12 /functions: expected a file of the resources folder (looked for "functions.json", "specs/functions.json", "schema/functions.json", "schemas/functions.json"), found "functions.json"',
  ]);
  assert.deepEqual(problemsIn(text, { files: { "functions.json": '{"functions": "none"}' } }), [
    'functions.json:1:15 /functions: expected an array with a function definition in each place, found "none"',
  ]);
});

test("a problem in a file that the workflow refers to is told in that file", () => {
  const files = { "specs/events.yaml": "events:\n  - name: paid\n  - { name: paid, type: t, knd: consumed }" };
  assert.deepEqual(
    problemsIn(
      `id: a\nstart: s\nevents: events.yaml\nstates: [{ name: s, type: callback, eventRef: paid, end: true }]`,
      { files },
    ),
    [
      "specs/events.yaml:2:5 /events/0/type: expected the type of the event, found nothing",
      'specs/events.yaml:3:13 /events/1/name: expected a name that no other of the events has, found "paid"',
      'specs/events.yaml:3:28 /events/1/knd: expected a member of an event definition, found "knd"; did you mean "kind"?',
    ],
  );
});

test("a text that must be an expression and does not compile is refused, with the compiler's reason", () => {
  const problems = problemsOfState(`name: s
    type: switch
    stateDataFilter: { input: "\${ .a + }" }
    dataConditions:
      - { condition: "\${ .total >> 1 }", end: true }
      - { condition: nothingLikeIt, end: true }
      - { condition: "\${ .total > 1 and $WORKFLOW.instanceId != null }", end: true }
      - { condition: "{{ .total > 1 }}", end: true }
      - { condition: 'My name is \\(.name)', end: true }
      - { condition: "\${ }", end: true }
      - { condition: "\${ .x > ", end: true }`);
  assert.deepEqual(
    problems.map((problem) => problem.replace(/(: found .*)? \(line 1, column \d+\)$/, " (why)")),
    [
      '6:31 /states/0/stateDataFilter/input: expected an expression, found "${ .a + }" (why)',
      '8:22 /states/0/dataConditions/0/condition: expected an expression, found "${ .total >> 1 }" (why)',
      '9:22 /states/0/dataConditions/1/condition: expected an expression, found "nothingLikeIt" (why)',
      '13:22 /states/0/dataConditions/5/condition: expected an expression, found "${ }": it is blank',
      '14:22 /states/0/dataConditions/6/condition: expected an expression, found "${ .x > " (why)',
    ],
  );
  assert.match(
    problems.at(-1) ?? "",
    /: found the end, expected '\}', as '\$\{' at the beginning is not closed there /,
  );
});

test("arguments and data of events may be any text, but one in ${ } must be an expression", () => {
  assert.deepEqual(
    problemsOfState(`name: s
    type: operation
    actions:
      - { functionRef: { refName: log, arguments: { message: Viva er Beti, more: [.a +] } } }
    end: { produceEvents: [{ eventRef: paid, data: no expression, contextAttributes: { a: b c } }] }`),
    [],
  );
  const wrapped = `name: s
    type: operation
    actions: [{ functionRef: { refName: log, arguments: { message: { deep: ["\${ .a + }"] } } } }]
    end: { produceEvents: [{ eventRef: paid, data: "\${ .a + }", contextAttributes: { a: "\${ }}" } }] }`;
  assert.deepEqual(
    problemsOfState(wrapped).map((problem) => problem.split(" ")[1]),
    [
      "/states/0/actions/0/functionRef/arguments/message/deep/0:",
      "/states/0/end/produceEvents/0/data:",
      "/states/0/end/produceEvents/0/contextAttributes/a:",
    ],
  );
});
