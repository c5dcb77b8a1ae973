import type { SecretMask } from "@antiphon/host";
import type { HeldInstance } from "./held-instance.ts";

/** How many characters of an instance's data a page shows. */
const DATA_LENGTH_MAX = 500;

/** A page for somebody who opens a workflow's address in a browser: data without secrets, the beginning of it. */
export function instancePage(
  workflow: string,
  held: readonly HeldInstance[],
  secrets: Pick<SecretMask, "shown">,
): string {
  const path = `/${encodeURIComponent(workflow)}`;
  const rows = held.map(
    ({ id, status, data }) =>
      `<tr><td><a href="${escaped(`${path}/${encodeURIComponent(id)}`)}">${escaped(id)}</a></td>` +
      `<td>${status}</td><td><code>${escaped(shortened(secrets.shown(data)))}</code></td></tr>`,
  );
  const table = ["<table><tr><th>instance</th><th>status</th><th>data</th></tr>", ...rows, "</table>"];
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${escaped(workflow)}</title></head><body>`,
    `<h1>${escaped(workflow)}</h1>`,
    `<p>Instances that have not ended: ${held.length}. <code>POST ${escaped(path)}</code> starts one;`,
    `<a href="${escaped(`${path}/schema`)}">this</a> is what it takes.</p>`,
    ...(rows.length === 0 ? [] : table),
    "</body></html>",
    "",
  ].join("\n");
}

function shortened(text: string): string {
  return text.length <= DATA_LENGTH_MAX ? text : `${text.slice(0, DATA_LENGTH_MAX)}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
