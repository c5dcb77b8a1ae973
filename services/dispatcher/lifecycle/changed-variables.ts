import { equalJson, isJsonObject, type Json } from "@antiphon/protocol";

/** What the data of an instance is called. */
const WHOLE = "workflowdata";

/** The most variables of which one fact tells; where more have changed, it tells of the whole data. */
export const VARIABLES_MAX = 100;

/**
 * The variables that a change of data has changed, by SonataFlow's names: `workflowdata.order.state` where that alone has
 * another value now. Of one that is gone the value is null. `before` is undefined if nobody knows: then all of it has changed.
 */
export function changedVariables(before: Json | undefined, after: Json): readonly (readonly [string, Json])[] {
  if (before === undefined) return [[WHOLE, after]];
  const changed: [string, Json][] = [];
  compare(before, after, WHOLE, changed);
  return changed.length > VARIABLES_MAX ? [[WHOLE, after]] : changed;
}

function compare(before: Json, after: Json, name: string, changed: [string, Json][]): void {
  if (changed.length > VARIABLES_MAX) return;
  if (!isJsonObject(before) || !isJsonObject(after)) {
    if (!equalJson(before, after)) changed.push([name, after]);
    return;
  }
  for (const [key, value] of Object.entries(after)) {
    const was = Object.hasOwn(before, key) ? before[key] : undefined;
    if (was === undefined) changed.push([`${name}.${key}`, value as Json]);
    else compare(was, value as Json, `${name}.${key}`, changed);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changed.push([`${name}.${key}`, null]);
}
