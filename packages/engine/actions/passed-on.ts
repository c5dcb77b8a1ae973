import { type Definition, type FunctionDefinition, propagatedHeaders } from "@antiphon/definition";

/**
 * The tokens that a function's calls pass on, of what its instance was started with. An event cannot carry a header of
 * any name: its attribute has the letters and digits of the header's.
 */
export function tokensPassedOn(
  definition: Definition,
  called: FunctionDefinition,
): (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>> {
  const names = propagatedHeaders(definition, called);
  if (names.length === 0) return () => ({});
  return (headers) => {
    const found: [string, string][] = [];
    for (const name of names) {
      const key = Object.keys(headers).find((one) => plain(one) === plain(name));
      const value = key === undefined ? undefined : headers[key];
      if (value !== undefined) found.push([name, value]);
    }
    return Object.fromEntries(found);
  };
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}
