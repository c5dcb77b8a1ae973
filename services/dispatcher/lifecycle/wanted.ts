import { lifecycleDestination } from "@antiphon/definition";
import type { Definitions } from "@antiphon/host/definitions";

/** Says whether any deployed definition asks for lifecycle events of its instances; looked up once after each change. */
export function lifecycleWanted(definitions: Pick<Definitions, "all" | "onChange">): Disposable & (() => boolean) {
  let wanted: boolean | undefined;
  const stop = definitions.onChange(() => {
    wanted = undefined;
  });
  const look = (): boolean =>
    (wanted ??= definitions
      .all()
      .some(({ definition }) => lifecycleDestination(definition, "processinstances") !== undefined));
  return Object.assign(look, { [Symbol.dispose]: stop });
}
