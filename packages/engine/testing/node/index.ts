export { watchHistories } from "./histories.ts";
