import { hostSettings, setting, url } from "@antiphon/host";
import { z } from "zod";

/** What an orchestrator reads from the environment. */
export const orchestratorSettings = z.object({
  ...hostSettings.shape,
  /** What services call back to, without a slash at the end. */
  publicUrl: setting(
    "ANTIPHON_PUBLIC_URL",
    "the http(s) URL under which services reach the gateway",
    url("http", "https").default("http://127.0.0.1:8080"),
  ),
});

export type OrchestratorConfig = Pick<
  z.output<typeof orchestratorSettings>,
  "publicUrl" | "logRetention" | "retention"
>;
