/** First steps of paths that Antiphon answers itself. */
const OWN_ROUTES = new Set(["v1", "q", "management", "callbacks", "console", "messaging"]);

/** What is expected of a workflow id in place of this one; undefined if it is good. It is a step of a path, as it is. */
export function expectedOfWorkflowId(id: string): string | undefined {
  if (OWN_ROUTES.has(id)) return `an id that hides no route of Antiphon's own, as /${id} is`;
  if (/[/?#%\\\p{Cc}]|[^\S ]|^ | $/u.test(id) || id === "." || id === "..") {
    return "an id that can be a step of a URL's path: no spaces around it, none of / \\ ? # %, not . or ..";
  }
  return undefined;
}

/** A workflow's id within a URI, as in the `source` of what it produces: a blank is none of its characters. */
export function workflowIdInUri(id: string): string {
  return id.replaceAll(" ", "%20");
}
