import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowError } from "@antiphon/protocol";
import { languageOf } from "../language/language.ts";
import { caught, END, to, workflowOf } from "../testing/build.ts";
import { compileHandlers, handlerOf } from "./match-error.ts";

const refused: WorkflowError = {
  code: "404",
  message: "no such order: 17",
  classes: ["org.acme.ServiceException", "java.io.IOException", "java.lang.RuntimeException", "java.lang.Exception"],
};

/** The code of the handler that takes an error, of those with these codes. */
function takenBy(codes: readonly string[], error = refused): string | undefined {
  const handlers = compileHandlers(
    languageOf(workflowOf([])),
    codes.map((code) => caught(code, END)),
  );
  return handlerOf(handlers, error)?.code;
}

function check(name: string, codes: readonly string[], taken: string | undefined, error = refused): void {
  test(`an error is caught by ${name}`, () => assert.equal(takenBy(codes, error), taken));
}

check("its status", ["404"], "404");
check("its status behind a colon", ["HTTP:404"], "HTTP:404");
check("its status, although a catch-all stands before it", ["java.lang.Exception", "HTTP:404"], "HTTP:404");
check(
  "its very class before its message",
  ["no such order: 17", "org.acme.ServiceException"],
  "org.acme.ServiceException",
);
check("its message before a class further up", ["java.io.IOException", "no such order: 17"], "no such order: 17");
check("a class further up before a pattern", ["such order: \\d+", "java.io.IOException"], "java.io.IOException");
check("a pattern found in its message before a catch-all", ["java.lang.Exception", "order: \\d+"], "order: \\d+");
check("a catch-all in the end", ["500", "org.acme.Other", "java.lang.RuntimeException"], "java.lang.RuntimeException");
check("nobody, if no handler has anything in common with it", ["500", "org.acme.Other"], undefined);
check("nobody, if a single word only stands in its message", ["order"], undefined);
check("nobody, if a code that looks like a pattern is none", ["order: (17"], undefined);
check("a code of several words as its message", ["Odd situation"], "Odd situation", {
  ...refused,
  message: "Odd situation",
});
check("no single word, even if that is its message", ["odd"], undefined, { ...refused, message: "odd" });
check("TimedOut before a catch-all", ["java.lang.Exception", "TimedOut"], "TimedOut", { ...refused, code: "TimedOut" });

test("of two handlers of a state with the same code the later one counts", () => {
  const errors = [caught("404", to("first")), caught("500", to("other")), caught("404", to("second"))];
  const handlers = compileHandlers(languageOf(workflowOf([])), errors);
  assert.deepEqual(handlerOf(handlers, refused)?.way.next, to("second"));
});

test("a definition of an error without a code catches nothing", () => {
  const handlers = compileHandlers(languageOf(workflowOf([])), [{ errors: [{ name: "any" }], next: END }]);
  assert.equal(handlerOf(handlers, refused), undefined);
});

test("a pattern that would take a backtracking matcher forever is harmless", () => {
  const message = `${"a".repeat(50)}!`;
  assert.equal(takenBy(["^(a+)+$"], { ...refused, message }), undefined);
});
