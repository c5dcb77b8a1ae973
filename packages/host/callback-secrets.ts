import { randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "./create-logger.ts";
import { CALLBACK_SECRET_LENGTH_MIN, type HostConfig } from "./host-settings.ts";

const FILE = "callback-secret";
const SECRET_BYTES = 48;
const OWNER_ONLY = 0o600;

/**
 * The secrets that callback tokens are signed with, newest first: the configured ones, or one that is made at the first
 * start and kept in the data folder, for its owner's eyes only.
 */
export async function callbackSecrets(
  { callbackSecrets: configured, data, kafka }: Pick<HostConfig, "callbackSecrets" | "data" | "kafka">,
  logger: Pick<Logger, "warn">,
): Promise<readonly string[]> {
  if (configured !== undefined) return configured;
  if (kafka.brokers !== undefined) {
    logger.warn(
      { variable: "ANTIPHON_CALLBACK_SECRET", folder: data },
      "callback tokens are signed with a secret of this data folder: set the variable where services do not share the folder, or they refuse each other's callbacks",
    );
  }
  const path = join(data, FILE);
  return [(await readSecret(path)) ?? (await makeSecret(data, path))];
}

async function readSecret(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Error(`${path}: expected a readable file with the callback secret`, { cause: error });
  });
  const secret = text?.trim();
  if (secret === undefined || secret.length >= CALLBACK_SECRET_LENGTH_MIN) return secret;
  throw new Error(`${path}: expected at least ${CALLBACK_SECRET_LENGTH_MIN} characters, found ${secret.length}`);
}

/** Of several processes that start at once, the first to link its file is the one whose secret all of them use. */
async function makeSecret(folder: string, path: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(SECRET_BYTES).toString("base64url")}\n`, { mode: OWNER_ONLY, flush: true });
  try {
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  const secret = await readSecret(path);
  if (secret === undefined) throw new Error(`${path}: expected the secret that was just written, found no file`);
  return secret;
}
