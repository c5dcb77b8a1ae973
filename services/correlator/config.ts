import { type HostConfig, hostSettings } from "@antiphon/host";

/** What a correlator reads from the environment. */
export const correlatorSettings = hostSettings;

export type CorrelatorConfig = Pick<HostConfig, "logRetention" | "retention">;
