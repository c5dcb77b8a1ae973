import type { ConfigurationNote } from "./configuration-note.ts";
import { isUrl } from "./destination.ts";
import type { Written } from "./written.ts";

/** Connectors whose channels are topics here, or paths and URLs. */
const CONNECTOR = /^(?:smallrye-kafka|quarkus-http|smallrye-in-memory)$/;

/** What is to be said about values of channels that cannot be used as they are. */
export function channelNotes(
  properties: Readonly<Record<string, string>>,
  written: ReadonlyMap<string, Written>,
): readonly ConfigurationNote[] {
  return [...written].flatMap(([key, { file, line }]): readonly ConfigurationNote[] => {
    const message = messageOn(key, properties[key] ?? "");
    return message === undefined ? [] : [{ file, line, key, message: `property ${JSON.stringify(key)}: ${message}` }];
  });
}

function messageOn(key: string, value: string): string | undefined {
  const found = JSON.stringify(value);
  if (/^mp\.messaging\.(?:incoming|outgoing)\..+\.connector$/.test(key) && !CONNECTOR.test(value)) {
    return `expected smallrye-kafka or quarkus-http, found ${found}; its events go by a topic`;
  }
  if (/^mp\.messaging\.outgoing\..+\.url$/.test(key) && !isUrl(value)) {
    return `expected a URL, found ${found}; its events go to ANTIPHON_SINK or to a topic`;
  }
  if (/^mp\.messaging\.incoming\..+\.method$/.test(key) && !/^(?:POST|PUT)$/i.test(value)) {
    return `expected POST or PUT, found ${found}; its path takes no events`;
  }
  if (/^mp\.messaging\.outgoing\..+\.method$/.test(key) && !/^POST$/i.test(value)) {
    return `expected POST, found ${found}; its events are posted all the same`;
  }
  if (
    /^kogito\.addon\.messaging\.outgoing\.cloudEventMode(?:\.|$)/.test(key) &&
    !/^(?:binary|structured)$/i.test(value)
  ) {
    return `expected binary or structured, found ${found}`;
  }
  return undefined;
}
