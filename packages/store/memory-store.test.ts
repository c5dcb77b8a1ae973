import { storeContract } from "./contract/index.ts";
import { lossyStore } from "./contract/lossy-store.ts";
import { memoryStore } from "./memory-store.ts";

storeContract("the memory store", async () => {
  const memory = memoryStore();
  const store = lossyStore(() => memory);
  return {
    store,
    disturbances: [
      { name: "everything is lost", losesEverything: true, happen: async () => memory.loseEverything() },
      { name: "nothing happens", losesEverything: false, happen: async () => {} },
    ],
    loseNextAnswer: (fate) => store.loseNextAnswer(fate),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
});
