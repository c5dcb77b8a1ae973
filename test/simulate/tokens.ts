import { callbackTokens } from "@antiphon/host";

/** Those of all processes, in all runs. */
export const TOKENS = callbackTokens(["a secret that nobody keeps"]);

/** What services reach a gateway by. */
export const PUBLIC_URL = "http://gateway.example";
