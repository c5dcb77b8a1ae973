const ERRORS = [
  { name: "late", code: "TimedOut" },
  { name: "any", code: "java.lang.Exception" },
];
/** Where a state goes that is late, or fails. */
export const OR_ELSE = [
  { errorRef: "late", transition: "Late" },
  { errorRef: "any", transition: "Failed" },
];
/** Each workflow says in its data how it ended: `outcome`. */
export const ENDS = ["Done", "Late", "Failed"].map((name) => {
  return { name, type: "inject", data: { outcome: name.toLowerCase() }, end: true };
});
/** Of an event that is matched by its order. */
export const byOrder = { correlation: [{ contextAttributeName: "order" }], metadata: { bufferFor: "PT5M" } };

export function consumed(type: string, more: object = {}): object {
  return { name: type, type, kind: "consumed", source: "services", ...more };
}

export function produced(type: string): object {
  return { name: type, type, kind: "produced" };
}

export function workflow(id: string, document: object): object {
  return { id, version: "1.0", specVersion: "0.8", errors: ERRORS, ...document };
}

export function asks(type: string, data: string): object {
  return { eventRef: { triggerEventRef: type, data } };
}
