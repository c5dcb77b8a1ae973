import type { IncomingMessage } from "node:http";
import { text as readText } from "node:stream/consumers";
import { graphQlQuestion } from "./graphql-question.ts";
import type { Question } from "./open-exchanges.ts";

/** A request as scripts write it, and the script whose service it is for: the first part of its path. */
export async function questionIn(
  request: IncomingMessage,
): Promise<{ readonly script: string; readonly question: Question }> {
  const text = await readText(request);
  const [, script = "", rest = ""] = /^\/([^/?]*)(.*)$/s.exec(request.url ?? "") ?? [];
  const path = decodeURIComponent(rest.replaceAll("+", " ")) || "/";
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]));
  const body = await bodyOf(text, headers["content-type"] ?? "");
  const isGraphQl = /\/graphql$/.test(path) && typeof body === "object" && body !== null && "query" in body;
  return {
    script,
    question: {
      asked: `${request.method} ${path}`,
      headers,
      body: isGraphQl ? graphQlQuestion(body as { query: string }) : body,
    },
  };
}

/** JSON as it is, forms as objects of texts, anything else as a text; undefined if there is none. */
async function bodyOf(text: string, type: string): Promise<unknown> {
  if (text === "") return undefined;
  if (/[/+]json\b/i.test(type)) return JSON.parse(text);
  if (!/^(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return text;
  const form = await new Response(text, { headers: { "content-type": type } }).formData();
  const parts = await Promise.all(
    [...form].map(async ([name, value]) => [name, typeof value === "string" ? value : await value.text()] as const),
  );
  return Object.fromEntries(parts);
}
