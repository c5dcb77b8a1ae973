import { Counter, Gauge, type Registry } from "prom-client";

/** What is counted of the requests that a dispatcher performs. */
export interface RequestMetrics {
  /** Asked for, and waiting for a turn at their host. */
  readonly queued: Gauge;
  readonly inFlight: Gauge;
  /** By outcome: the class of the status, such as `2xx`, or why there was no response. */
  readonly finished: Counter<"outcome">;
  /** Produced events for sinks: delivered, or put aside as a dead letter. */
  readonly sinkEvents: Counter<"outcome">;
}

/** Registers the metrics; without a registry they are counted for nobody. */
export function requestMetrics(registry: Registry | undefined): RequestMetrics {
  const registers = registry === undefined ? [] : [registry];
  return {
    queued: new Gauge({
      name: "antiphon_dispatcher_requests_queued",
      help: "Action requests that wait for a turn at their host",
      registers,
    }),
    inFlight: new Gauge({
      name: "antiphon_dispatcher_requests_in_flight",
      help: "Action requests whose response is awaited",
      registers,
    }),
    finished: new Counter({
      name: "antiphon_dispatcher_requests_total",
      help: "Attempts of action requests, by outcome",
      labelNames: ["outcome"],
      registers,
    }),
    sinkEvents: new Counter({
      name: "antiphon_dispatcher_sink_events_total",
      help: "Produced events for sinks, by outcome: delivered, or dead-letter",
      labelNames: ["outcome"],
      registers,
    }),
  };
}
