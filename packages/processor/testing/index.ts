export { FakeClock } from "./fake-clock.ts";
export { Gate, Schedule } from "./schedule.ts";
