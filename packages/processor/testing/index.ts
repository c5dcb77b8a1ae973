export { FakeClock } from "./fake-clock.ts";
export { type Faults, faultyLog, faultyStore } from "./faulty-ports.ts";
export { Schedule } from "./schedule.ts";
