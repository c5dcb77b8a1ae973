import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const KAFKA_VERSION = "4.3.1";
const ARTIFACTS = [
  ["org.apache.kafka", "kafka_2.13", KAFKA_VERSION],
  ["org.apache.kafka", "kafka-tools", KAFKA_VERSION],
  ["org.slf4j", "slf4j-simple", "1.7.36"],
] as const;

const JARS = join(import.meta.dirname, "..", "..", ".cache", "kafka", KAFKA_VERSION);
const DOWNLOAD_MS_MAX = 300_000;

/** The folder of a broker's jars, fetched from Maven Central the first time and kept in `.cache`. */
export async function kafkaJars(): Promise<string> {
  if (!existsSync(JARS)) await download();
  return JARS;
}

/** Whether nothing has to be downloaded. */
export function kafkaJarsAreHere(): boolean {
  return existsSync(JARS) && readdirSync(JARS).length > 0;
}

/** Into a folder of its own first: of two test runs at once neither sees half of the other's. */
async function download(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "kafka-jars-"));
  try {
    await writeFile(join(work, "pom.xml"), pom());
    await mkdir(dirname(JARS), { recursive: true });
    const partial = `${JARS}.${process.pid}`;
    await promisify(execFile)(
      "mvn",
      ["-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${partial}`],
      { cwd: work, timeout: DOWNLOAD_MS_MAX },
    );
    await rename(partial, JARS).catch((error: unknown) => {
      if (!existsSync(JARS)) throw error;
      return rm(partial, { recursive: true });
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function pom(): string {
  const dependencies = ARTIFACTS.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
    <modelVersion>4.0.0</modelVersion>
    <groupId>antiphon</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
    <dependencies>${dependencies.join("")}</dependencies>
  </project>`;
}
