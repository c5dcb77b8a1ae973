import type { Definition } from "../model.ts";
import { propertyOf } from "./properties.ts";

/** The headers that a workflow's author wants kept nowhere, in lower case: `kogito.persistence.headers.excluded`. */
export function excludedHeaders({ properties }: Pick<Definition, "properties">): ReadonlySet<string> {
  const names = propertyOf(properties, "kogito.persistence.headers.excluded") ?? "";
  return new Set(
    names
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((name) => name !== ""),
  );
}
