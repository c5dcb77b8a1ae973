import type { JsonObject } from "@antiphon/protocol";

/** What a problem says beside its status, kind and detail. */
export interface ProblemOptions {
  /** Further members of the document. */
  readonly members?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * Why a request is not done, as its sender is told: RFC 9457 problem details. `kind` names what is the matter in words
 * with hyphens between, of which type and title are made; `detail` is a sentence about this one request.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly kind: string;
  readonly members: JsonObject;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, kind: string, detail: string, { members, headers, cause }: ProblemOptions = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.status = status;
    this.kind = kind;
    this.members = members ?? {};
    this.headers = headers ?? {};
  }
}

/** The problem's document. SonataFlow's clients look for a `message`, on the routes that they know. */
export function problemDocument(problem: Problem, options: { readonly forSonataFlow: boolean }): JsonObject {
  const { status, kind, message: detail, members } = problem;
  return {
    type: `urn:antiphon:problem:${kind}`,
    title: titleOf(kind),
    status,
    detail,
    ...(options.forSonataFlow && { message: detail }),
    ...members,
  };
}

function titleOf(kind: string): string {
  const words = kind.replaceAll("-", " ").replace("json", "JSON").replace("cloud event", "CloudEvent");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
