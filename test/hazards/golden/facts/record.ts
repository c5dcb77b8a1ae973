/**
 * `node test/hazards/golden/facts/record.ts NAME` has this release write every kind of fact, for all later ones to read:
 * once for each release, and whenever another kind comes to be written down.
 */
import { writeFile } from "node:fs/promises";
import { runCourse } from "./course.ts";
import { recordingFile } from "./recording.ts";
import { FactsWorld } from "./world.ts";

const [name] = process.argv.slice(2);
if (name === undefined) throw new Error("expected the name of the recording, found none");

await using world = await FactsWorld.begin(Date.UTC(2026, 10, 1));
await runCourse(world);
const recording = { untilMs: world.clock.now(), records: await world.records(), states: await world.states() };
await writeFile(recordingFile(name), `${JSON.stringify(recording, null, 1)}\n`);
for (const warning of world.warnings) console.warn(warning);
