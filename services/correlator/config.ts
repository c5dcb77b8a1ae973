import { hostSettings } from "@antiphon/host";

/** What a correlator reads from the environment. */
export const correlatorSettings = hostSettings;
