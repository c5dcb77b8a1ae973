import type { Definition } from "@antiphon/definition";

/** `mp.messaging.incoming.{channel}.path`, as a property or as the environment spells it. */
const PATH_KEY = /^(?:mp\.messaging\.incoming\..+\.path|MP_MESSAGING_INCOMING_.+_PATH)$/;

/** The paths on which a definition's channels take events by HTTP, each with a slash in front and none behind. */
export function channelPaths({ properties }: Pick<Definition, "properties">): readonly string[] {
  return Object.entries(properties).flatMap(([key, path]) => (PATH_KEY.test(key) ? [normalPath(path)] : []));
}

/** A path as channels are compared by. */
export function normalPath(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, "")}`;
}
