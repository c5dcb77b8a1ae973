export { callbackSecrets } from "./callback-secrets.ts";
export { type CallbackRef, type CallbackTokens, callbackTokens } from "./callback-tokens.ts";
export type { Logger } from "./create-logger.ts";
export { deadLetterId, deadLetterMessage } from "./dead-letter.ts";
export { Health, type HealthReport, type Probe } from "./health.ts";
export type { HealthServer, Observed } from "./health-server.ts";
export { type HostConfig, hostSettings, type KafkaConfig } from "./host-settings.ts";
export { deriveId, newId } from "./ids.ts";
export type { Trying } from "./keep-trying.ts";
export { KNOWN_VARIABLES } from "./known-variables.ts";
export { type OpenPorts, openPorts } from "./open-ports.ts";
export { ConfigError, type Environment, readConfig, type WrongSetting } from "./read-config.ts";
export { readResources } from "./read-resources.ts";
export { type Context, type Running, runService } from "./run-service.ts";
export {
  SchemaChecks,
  type SchemaError,
  UnusableSchemaError,
} from "./schema-checks.ts";
export { SecretMask } from "./secret-mask.ts";
export { setting, url, wholeNumber } from "./setting.ts";
export { systemClock } from "./system-clock.ts";
