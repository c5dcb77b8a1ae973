/** What a key of configuration is to Antiphon. `instead`: it does nothing here, and this does what it was for. */
export type KeyMeaning =
  | { readonly kind: "understood" }
  /** It is for the JVM, its build or its stores; whoever wrote it misses nothing. */
  | { readonly kind: "without effect" }
  | { readonly kind: "instead"; readonly instead: string };

/** One step of a key, which may stand in quotes, or several of them. */
const STEP = `(?:"[^"]*"|[^."]+)`;
const STEPS = String.raw`(?:${STEP}(?:\.${STEP})*)`;

/** Keys that change what is done here. `*` is one step of a key, `**` one or more. */
const UNDERSTOOD = [
  "mp.messaging.incoming.**.(connector|topic|topics|path|method)",
  "mp.messaging.incoming.**.value.deserializer",
  "mp.messaging.outgoing.**.(connector|topic|url)",
  "mp.messaging.outgoing.**.value.serializer",
  "kogito.addon.messaging.(incoming|outgoing).trigger.**",
  "kogito.addon.messaging.(incoming|outgoing).defaultName",
  "kogito.addon.messaging.outgoing.cloudEventMode",
  "kogito.addon.messaging.outgoing.cloudEventMode.**",
  "kogito.addon.messaging.(marshaller|unmarshaller).**",
  "kogito.codegen.ignoreHiddenFiles",
  "kogito.messaging.as-cloudevents",
  "kogito.events.(processinstances|processdefinitions).enabled",
  "kogito.service.url",
  "kogito.sw.operationIdStrategy",
  "kogito.sw.functions.**.(host|port|protocol|username|password|access_token|api_key|api_key_prefix|timeout)",
  "kogito.grpc.enum.includeDefault",
  "kogito.grpc.stream.timeout",
  "kogito.addon.knative-serving.request-timeout",
  "kogito.persistence.headers.(enabled|excluded)",
  "kogito.process.instances.limit",
  "quarkus.rest-client.**.(url|read-timeout)",
  "quarkus.openapi-generator.**.auth.**",
  "quarkus.oidc-client.**",
  "sonataflow.security.auth.**",
  "quarkus.grpc.clients.**.(host|port|plain-text|deadline|tls.enabled|tls-configuration-name)",
  "antiphon.compatibility",
  "antiphon.events.broadcast",
  "antiphon.knative.namespace",
  "antiphon.knative.**.url",
];

/** Keys with which people of SonataFlow set what Antiphon has no need to be told. */
const WITHOUT_EFFECT = [
  "mp.messaging.(incoming|outgoing).**.(broadcast|merge|buffer-size|partitions|failure-strategy)",
  "mp.messaging.(incoming|outgoing).**.(group.id|client.id|auto.offset.reset|commit-strategy|key|acks|retries)",
  "mp.messaging.(incoming|outgoing).**.(key.(de)?serializer|value.deserializer.**|dead-letter-queue.**)",
  "mp.messaging.(incoming|outgoing).**.(health-enabled|graceful-shutdown|waitForWriteCompletion|max-inflight-messages)",
  "mp.messaging.outgoing.**.method",
  "mp.messaging.connector.**",
  "kogito.addon.messaging.emitter.**",
  "kogito.quarkus.events.threads.*",
  "kogito.transactionEnabled",
  "kogito.events.usertasks.enabled",
  "kogito.events.grouping",
  "kogito.events.grouping.**",
  "kogito.events.(processinstances|processdefinitions|usertasks).errors.propagate",
  "kogito.codegen.**",
  "kogito.persistence.(type|proto.**|optimistic.lock|auto.ddl|query.**)",
  "kogito.(dataindex|data-index|jobs-service|jobs|devservices|decisions|processes|users|security|dev-services).**",
  "kogito.usertasks.**",
  "(kie|org.kie|org.drools|org.jbpm|org.kogito|drools).**",
  "quarkus.(analytics|application|arc|banner|build|buildpack|bootstrap|class-loading|container-image|datasource).**",
  "quarkus.(dev-ui|devservices|dev|docker|flyway|hibernate-orm|hibernate|http.cors|http.test-port|index-dependency).**",
  "quarkus.(infinispan-client|jacoco|jackson|jib|kafka|keycloak|knative|kogito|kubernetes|kubernetes-client).**",
  "quarkus.(live-reload|locales|management|maven|micrometer|mongodb|native|openshift|otel|package|platform).**",
  "quarkus.(reactive-messaging|resteasy|resteasy-reactive|rest|servlet|smallrye-graphql|smallrye-health).**",
  "quarkus.(smallrye-openapi|smallrye-metrics|smallrye-reactive-messaging|swagger-ui|test|tls|transaction-manager).**",
  "quarkus.openapi-generator.**",
  "quarkus.(vertx|virtual-threads|thread-pool|shutdown|config|profile|banner).**",
  // What they protected is named in a note of its own.
  "quarkus.(http.auth|security|oidc).**",
  "quarkus.http.(cors|test-port|host-enabled|enable-compression)",
  "quarkus.(flyway|banner|config|log|grpc.dev-mode|grpc.server|grpc.codegen|generate-code).**",
  "quarkus.**.devservices.**",
  "sonataflow.(persistence|monitoring).**",
];

/** Keys that have something else in their place. */
const INSTEAD: readonly (readonly [key: string, instead: string])[] = [
  ["quarkus.http.port", "ANTIPHON_PORT sets the port"],
  ["quarkus.http.host", "ANTIPHON_HOST sets where it listens"],
  ["quarkus.log.level", "ANTIPHON_LOG_LEVEL sets the level"],
  ["quarkus.log.category.**.level", "ANTIPHON_LOG_LEVEL sets the level"],
  ["kafka.bootstrap.servers", "ANTIPHON_KAFKA_BROKERS names the brokers"],
  ["mp.messaging.(incoming|outgoing|connector).**.bootstrap.servers", "ANTIPHON_KAFKA_BROKERS names the brokers"],
  ["mp.messaging.incoming.**.pattern", "topics names several topics, with commas between"],
  ["quarkus.profile", "ANTIPHON_PROFILE or QUARKUS_PROFILE chooses the profile"],
  ["quarkus.rest-client.**.connect-timeout", "read-timeout, ANTIPHON_ACTION_TIMEOUT and actionExecTimeout limit it"],
  ["kafka.**", "ANTIPHON_KAFKA_SSL and ANTIPHON_KAFKA_SASL_* say how brokers are reached"],
  ["quarkus.redis.hosts", "ANTIPHON_REDIS_URL names the store"],
];

/** A key that is longer, in characters, is not looked at. */
const KEY_LENGTH_MAX = 1_000;

/** What a key means; undefined: it is not understood. */
export function meaningOf(key: string): KeyMeaning | undefined {
  if (key.length > KEY_LENGTH_MAX) return undefined;
  // Fault tolerance of a REST client: `org.acme.Api/call/Retry/maxRetries`.
  if (/\/(?:Retry|Timeout|CircuitBreaker|Bulkhead|Fallback|RateLimit)\//.test(key)) {
    return { kind: "instead", instead: "retries and timeouts of the definition do this" };
  }
  const instead = REPLACED.find(({ pattern }) => pattern.test(key))?.instead;
  if (instead !== undefined) return { kind: "instead", instead };
  if (KNOWN.test(key)) return { kind: "understood" };
  return IDLE.test(key) ? { kind: "without effect" } : undefined;
}

/** Keys that are understood and have no step of one's own choice, among which a misspelt one may be found. */
export const PLAIN_KEYS: readonly string[] = [...UNDERSTOOD, ...INSTEAD.map(([key]) => key)].filter(
  (key) => !/[*(]/.test(key),
);

const REPLACED = INSTEAD.map(([key, instead]) => ({ pattern: patternOf([key]), instead }));
const KNOWN = patternOf(UNDERSTOOD);
const IDLE = patternOf(WITHOUT_EFFECT);

function patternOf(keys: readonly string[]): RegExp {
  const sources = keys.map((key) =>
    key.replace(/\*\*|\*|\.|\((?!\?)/g, (part) =>
      part === "**" ? STEPS : part === "*" ? STEP : part === "." ? "\\." : "(?:",
    ),
  );
  return new RegExp(`^(?:${sources.join("|")})$`);
}
