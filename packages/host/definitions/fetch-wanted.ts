import type { Problem, WantedDocument } from "@antiphon/definition";
import { type FetchedDocument, fetchDocument } from "./fetch-document.ts";

/** How often documents may refer to further documents, and how many there may be in all. */
export const DOCUMENT_ROUNDS_MAX = 10;
export const DOCUMENTS_MAX = 100;

/** What came of fetching: texts by URL, and what could not be had. */
export interface Fetched {
  readonly texts: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/**
 * Fetches documents on the web until nothing more is wanted: `look` says what is, with those that were fetched so far. One
 * that cannot be had is a problem where it is first referred to.
 */
export async function fetchWanted(
  look: (texts: ReadonlyMap<string, string>) => readonly WantedDocument[] | Promise<readonly WantedDocument[]>,
  fetchOne: (wanted: WantedDocument) => Promise<FetchedDocument> = fetchDocument,
): Promise<Fetched> {
  const texts = new Map<string, string>();
  const problems = new Map<string, Problem>();
  for (let round = 0; ; round++) {
    const wanted = new Map((await look(texts)).map((one) => [one.url, one]));
    for (const url of [...texts.keys(), ...problems.keys()]) wanted.delete(url);
    if (wanted.size === 0) return { texts, problems: [...problems.values()] };
    const isTooMuch = round === DOCUMENT_ROUNDS_MAX || texts.size + wanted.size > DOCUMENTS_MAX;
    await Promise.all(
      [...wanted.values()].map(async (one) => {
        const fetched = isTooMuch ? { reason: "there are too many before it" } : await fetchOne(one);
        if ("text" in fetched) texts.set(one.url, fetched.text);
        else problems.set(one.url, problemOf(one, fetched.reason));
      }),
    );
  }
}

function problemOf({ url, place: { file, line, column, pointer } }: WantedDocument, reason: string): Problem {
  return {
    file,
    line,
    column,
    pointer,
    expected: "a document that can be fetched",
    found: `${JSON.stringify(url)}: ${reason}`,
  };
}
