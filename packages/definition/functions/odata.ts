import { quote } from "../document/node.ts";
import type { FunctionDefinition } from "../model.ts";
import { refuse, type Written } from "./base.ts";

const EXPECTED = 'the URL of an OData service and an entity set, "https://example.com/v4/shop#Products"';

/** Reads `<URI to service>#<Entity_Set_Name>`. */
export function readOData(written: Written): FunctionDefinition {
  const [url = "", entitySet = "", ...more] = written.operation.split("#");
  if (!/^https?:\/\/[^\s/]/i.test(url) || entitySet === "" || more.length > 0) {
    return refuse(written, EXPECTED, quote(written.operation));
  }
  if (/^[\p{L}_][\p{L}\p{N}_.]*(?:\/[\p{L}_][\p{L}\p{N}_.]*)*$/u.test(entitySet)) {
    return { kind: "odata", ...written.base, url, entitySet };
  }
  return refuse(written, "the name of an entity set", quote(entitySet));
}
