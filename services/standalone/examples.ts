import { glob } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@antiphon/host";

const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");

/** What each `examples/*\/service.ts` exports: the service that answers its workflow. */
interface ExampleService {
  start(settings: { readonly antiphonUrl: string }): Promise<AsyncDisposable>;
}

/** Starts the services that answer the examples' workflows. */
export async function startExamples(antiphonUrl: string, logger: Logger): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  for await (const file of glob("*/service.ts", { cwd: EXAMPLES })) {
    const service = (await import(join(EXAMPLES, file))) as ExampleService;
    stack.use(await service.start({ antiphonUrl }));
    logger.info({ example: file }, `examples/${file} answers`);
  }
  return stack.move();
}
