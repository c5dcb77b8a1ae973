import { createHmac, timingSafeEqual } from "node:crypto";

/** The one wait that a callback token stands for. */
export interface CallbackRef {
  readonly instance: string;
  readonly wait: string;
}

/** Makes and reads the tokens of callback URLs. */
export interface CallbackTokens {
  /** An unforgeable, URL-safe name of a wait, good until `expiresMs` (epoch milliseconds). */
  issue(instance: string, wait: string, expiresMs: number): string;
  /** The wait that a token names; "unknown" if it was not issued here as it stands, "expired" if it was, but is too old. */
  read(token: string, nowMs: number): CallbackRef | "unknown" | "expired";
}

/** The longest token, in characters. */
export const CALLBACK_TOKEN_LENGTH_MAX = 2_048;

interface Key {
  readonly id: string;
  readonly secret: string;
}

/**
 * Tokens of one tenant, signed with the first of `secrets` and read with any of them, so that a secret is replaced by
 * putting a new one in front and taking the old one away once its tokens have expired.
 *
 * A token is `key id . claims . signature`, each base64url. The signature is HMAC-SHA256 over the other two *as they are
 * written*, and is itself compared as it is written: base64url has several spellings of the same bytes, and only ours counts.
 */
export function callbackTokens(secrets: readonly string[], tenant = "default"): CallbackTokens {
  const keys = secrets.map((secret): Key => ({ id: keyId(secret), secret }));
  const [newest] = keys;
  if (newest === undefined) throw new Error("callback tokens: expected at least one secret, found none");

  return {
    issue(instance, wait, expiresMs) {
      const claims = Buffer.from(JSON.stringify([instance, wait, expiresMs])).toString("base64url");
      const token = `${newest.id}.${claims}.${sign(newest, tenant, claims)}`;
      if (token.length <= CALLBACK_TOKEN_LENGTH_MAX) return token;
      throw new RangeError(
        `callback token: expected at most ${CALLBACK_TOKEN_LENGTH_MAX} characters, found ${token.length}`,
      );
    },

    read(token, nowMs) {
      if (token.length > CALLBACK_TOKEN_LENGTH_MAX) return "unknown";
      const [id, claims, signature, ...more] = token.split(".");
      if (claims === undefined || signature === undefined || more.length > 0) return "unknown";
      const key = keys.find((known) => known.id === id);
      if (key === undefined || !equalInConstantTime(signature, sign(key, tenant, claims))) return "unknown";
      const { expiresMs, ...ref } = readClaims(claims);
      return nowMs < expiresMs ? ref : "expired";
    },
  };
}

function sign({ id, secret }: Key, tenant: string, claims: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify(["callback", tenant, id, claims]))
    .digest("base64url");
}

/** Tells keys apart without telling anything about them. */
function keyId(secret: string): string {
  return createHmac("sha256", secret).update("key id").digest("base64url").slice(0, 6);
}

function equalInConstantTime(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Called for signed claims alone, which are as `issue` wrote them. */
function readClaims(claims: string): CallbackRef & { readonly expiresMs: number } {
  const [instance, wait, expiresMs] = JSON.parse(Buffer.from(claims, "base64url").toString()) as [
    string,
    string,
    number,
  ];
  return { instance, wait, expiresMs };
}
