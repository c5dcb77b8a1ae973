import { hostSettings, setting, wholeNumber } from "@antiphon/host";
import { z } from "zod";

/** What a projector reads from the environment. */
export const projectorSettings = z.object({
  ...hostSettings.shape,
  /** How long a partition's views rest after each step while records keep coming, so that steps are few and large. */
  viewsDelayMs: setting("ANTIPHON_VIEWS_DELAY_MS", "milliseconds from 0 to 10000", wholeNumber(0, 10_000).default(20)),
});

type Settings = z.output<typeof projectorSettings>;

/** Without a retention rows are kept for good. */
export type ProjectorConfig = Pick<Settings, "viewsDelayMs"> & Partial<Pick<Settings, "retention">>;
