import type { Definition } from "@antiphon/definition";
import * as make from "./build.ts";

const approved = make.consumed("approved", { metadata: { bufferFor: "PT2M" } });
const paid = make.consumed("paid", { correlation: [{ name: "orderid" }] });
const shipped = make.consumed("shipped", {
  dataOnly: false,
  correlation: [{ name: "orderid" }, { name: "leg", value: "1" }],
});
const service = make.http("service");
const lenient = make.http("lenient", { failOnStatusCode: false });
const told = {
  event: make.consumed("told", { kind: "produced" }),
  data: { n: ".n" },
  contextAttributes: { leg: ".n" },
} as const;

/** Workflows that between them do all that the kinds of state can do; for tests that try random histories. */
export const EXAMPLES: readonly Definition[] = [
  make.workflowOf([
    make.inject("prepare", { n: 1 }, { next: make.to("approve", told) }),
    make.callback("approve", approved, {
      action: make.call("ask", service, { sleepBefore: "PT1S", results: "{n: .n}" }),
      eventTimeout: "PT30S",
      onErrors: [make.caught("TimedOut", make.to("approve")), make.caught("HTTP:500", make.to("pay"))],
      next: make.to("pay"),
    }),
    make.callback("pay", paid, { action: make.call("ask", lenient), output: "{n, orderid}", next: make.to("choose") }),
    make.choice("choose", [{ condition: ".n == 1", next: make.to("nap") }], { otherwise: make.END }),
    make.sleep("nap", "PT10S", { next: make.to("approve") }),
  ]),
  make.workflowOf([
    make.operation("collect", [make.call("a", service), make.publish("tell", told), make.call("b", lenient)], {
      next: make.to("listen"),
    }),
    make.eventState("listen", [make.on([approved, paid], [make.call("do", service)]), make.on([shipped])], {
      exclusive: false,
      eventTimeout: "PT1M",
      next: make.to("again"),
    }),
    make.eventState("again", [make.on([approved], [make.call("do", service)]), make.on([paid])], {
      next: make.to("listen"),
    }),
  ]),
  make.workflowOf(
    [
      make.eventState("listen", [make.on([paid], [make.call("do", service)])], { next: make.to("double") }),
      make.operation("double", [make.call("twice", make.computed("twice", "{n: (.n * 2)}"))], {
        onErrors: [make.caught("java.lang.Exception", make.END)],
        next: make.to("approve"),
      }),
      make.callback("approve", approved, { eventTimeout: "PT1M" }),
    ],
    { keepActive: true },
  ),
];
