import { quote } from "../document/node.ts";
import type { ConfigurationNote } from "./configuration-note.ts";
import { isUrl } from "./destination.ts";
import type { Written } from "./written.ts";

/** Values that can be used, by the form of their keys, and what is done instead of those that cannot. */
const VALUES: readonly {
  readonly key: RegExp;
  readonly isUsable: (value: string) => boolean;
  readonly expected: string;
  readonly instead: string;
}[] = [
  {
    key: /^kogito\.sw\.operationIdStrategy$/,
    isUsable: (value) => /^(?:FILE_NAME|FULL_URI|FUNCTION_NAME|SPEC_TITLE)$/.test(value),
    expected: "FILE_NAME, FULL_URI, FUNCTION_NAME or SPEC_TITLE",
    instead: "FILE_NAME is taken",
  },
  {
    key: /^quarkus\.rest-client\..+\.url$/,
    isUsable: isUrl,
    expected: "a URL",
    instead: "calls to it fail",
  },
];

/** What is to be said about values that are no channel's and cannot be used as they are. */
export function valueNotes(
  properties: Readonly<Record<string, string>>,
  written: ReadonlyMap<string, Written>,
): readonly ConfigurationNote[] {
  return [...written].flatMap(([key, { file, line }]): readonly ConfigurationNote[] => {
    const value = (properties[key] ?? "").trim();
    const meant = VALUES.find((one) => one.key.test(key));
    if (meant === undefined || meant.isUsable(value)) return [];
    const { expected, instead } = meant;
    const message = `property ${JSON.stringify(key)}: expected ${expected}, found ${quote(value)}; ${instead}`;
    return [{ file, line, key, message }];
  });
}
