import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenApiAnswer } from "@antiphon/definition";
import type { ActionOutcome, Json } from "@antiphon/protocol";
import { operation } from "../testing/requests.ts";
import { typedAnswer } from "./typed-answer.ts";

function answer(status: string, mediaType: string, scalar: "number" | "boolean" | "string"): OpenApiAnswer {
  return { status, mediaType, types: [{ scalar }] };
}

/** The output of an answer whose body is `output`. */
function typed(answers: readonly OpenApiAnswer[], output: Json, status = 200, contentType?: string): Json | undefined {
  const headers: Record<string, string> = contentType === undefined ? {} : { "Content-Type": contentType };
  const response: ActionOutcome = { status: "completed", output, http: { status, headers } };
  const { outcome } = typedAnswer(operation({ answers }).operation, response);
  return outcome.status === "completed" ? outcome.output : undefined;
}

test("the status says which answer it is, then its class, then what is the default", () => {
  const answers = [
    answer("default", "text/plain", "boolean"),
    answer("2xx", "text/plain", "number"),
    answer("201", "text/plain", "string"),
  ];
  assert.deepEqual(typed(answers, "1", 200, "text/plain"), 1);
  assert.deepEqual(typed(answers, "1", 201, "text/plain"), "1");
  assert.deepEqual(typed(answers.slice(0, 1), "true", 200, "text/plain"), true);
});

test("the media type says which body it is, without its parameters, else a range that has it", () => {
  const answers = [answer("200", "application/json", "number"), answer("200", "text/*", "boolean")];
  assert.deepEqual(typed(answers, "1", 200, "Application/JSON; charset=utf-8"), 1);
  assert.deepEqual(typed(answers, "true", 200, "text/html"), true);
  assert.deepEqual(typed(answers, "1", 200, "image/png"), "1");
  assert.deepEqual(typed([answer("200", "*/*", "number")], "1", 200, "image/png"), 1);
  assert.deepEqual(typed(answers, "1"), 1);
});

test("an answer that is no success, or without a document of its own, stays as it is", () => {
  const answers = [answer("default", "text/plain", "number")];
  assert.deepEqual(typed(answers, "1", 404, "text/plain"), "1");
  assert.deepEqual(typed([], "1", 200, "text/plain"), "1");
  const failed: ActionOutcome = { status: "failed", error: { code: "x", message: "", classes: [] } };
  assert.deepEqual(typedAnswer(operation({ answers }).operation, failed), { outcome: failed, misfits: [] });
});
