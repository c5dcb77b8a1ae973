export { type ProjectorPorts, startProjector } from "./start-projector.ts";
