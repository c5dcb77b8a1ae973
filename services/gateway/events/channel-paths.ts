import { type Definition, propertyOf } from "@antiphon/definition";

/** `mp.messaging.incoming.{channel}.path`, as a property or as the environment spells it. */
const PATH_KEY = /^(?:mp\.messaging\.incoming\.(.+)\.path|MP_MESSAGING_INCOMING_(.+)_PATH)$/;

/** Where a definition's channels take events by HTTP, by method and path: `POST /wait`. */
export function channelPaths({ properties }: Pick<Definition, "properties">): readonly string[] {
  return Object.entries(properties).flatMap(([key, path]) => {
    const [, name, inEnvironment] = PATH_KEY.exec(key) ?? [];
    const methodKey =
      name === undefined ? `MP_MESSAGING_INCOMING_${inEnvironment}_METHOD` : key.replace(/path$/, "method");
    if (name === undefined && inEnvironment === undefined) return [];
    return [placeOf(propertyOf(properties, methodKey) ?? "POST", path)];
  });
}

/** A method and a path as channels are compared by: a slash in front and none behind. */
export function placeOf(method: string, path: string): string {
  return `${method.toUpperCase()} /${path.replace(/^\/+|\/+$/g, "")}`;
}
