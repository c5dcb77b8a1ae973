/** An event that asks, as the workflow of the bench produces it. */
export interface Asked {
  readonly id: string;
  readonly kogitoprocinstanceid: string;
  readonly data: unknown;
}

/** The CloudEvent that answers it. */
export function answerTo({ id, kogitoprocinstanceid, data }: Asked): object {
  return {
    specversion: "1.0",
    id: `answer-${id}`,
    source: "bench",
    type: "bench.answered",
    kogitoprocrefid: kogitoprocinstanceid,
    data: { answer: data },
  };
}
