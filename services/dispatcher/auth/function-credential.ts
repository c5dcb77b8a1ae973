import { type Definition, propertyOf } from "@antiphon/definition";
import type { Credential } from "./credential.ts";

/** The header of an API key that is configured for a function. */
const API_KEY_HEADER = "X-API-KEY";

/** The credential that is configured for a function by its name, `kogito.sw.functions.{name}.*`; undefined: there is none. */
export function functionCredential({ properties }: Definition, name: string): Credential | undefined {
  const property = (key: string): string | undefined => propertyOf(properties, `kogito.sw.functions.${name}.${key}`);
  const token = property("access_token");
  if (token !== undefined) return { kind: "bearer", token };
  const [username, password] = [property("username"), property("password")];
  if (username !== undefined) return { kind: "basic", username, password: password ?? "" };
  const key = property("api_key");
  if (key === undefined) return undefined;
  const prefix = property("api_key_prefix");
  return { kind: "apiKey", in: "header", name: API_KEY_HEADER, value: prefix === undefined ? key : `${prefix} ${key}` };
}
