/** When a workflow starts by itself, as its definition says. */
export type StartTimes =
  | {
      readonly kind: "interval";
      readonly everyMs: number;
      /** The first time, epoch milliseconds; absent: one interval after the schedule is set. */
      readonly startMs?: number;
      /** How often in all; absent: for ever. */
      readonly times?: number;
    }
  | {
      readonly kind: "cron";
      readonly cron: string;
      /** IANA time zone. */
      readonly timezone: string;
      /** Epoch milliseconds after which it starts no more. */
      readonly validUntilMs?: number;
    };

/** A fact about the schedule of a workflow, which stands in the history beside the facts about instances. */
export type ScheduleEvent =
  | {
      readonly type: "ScheduleSet";
      readonly workflow: string;
      /** Content hash of the definition that its instances are pinned to. */
      readonly definition: string;
      readonly times: StartTimes;
      /** The next start, epoch milliseconds; absent: there is none. */
      readonly nextMs?: number;
    }
  /** An instance is to be started that was due then. */
  | {
      readonly type: "ScheduleFired";
      readonly workflow: string;
      readonly definition: string;
      readonly instance: string;
      readonly dueMs: number;
      readonly nextMs?: number;
    }
  /** Starts were missed for longer than they are made good: the next one is this. */
  | {
      readonly type: "ScheduleMissed";
      readonly fromMs: number;
      readonly nextMs?: number;
      /** How many were missed, where their number is limited: they count. Absent: none does. */
      readonly starts?: number;
    }
  /** It starts by itself no more. */
  | { readonly type: "ScheduleEnded" };
