/** What is pushed comes out of `items()`, in order; `end` lets the reader finish. */
export interface Queue<T> {
  push(item: T): void;
  end(): void;
  /** The next item, or null at the end. */
  next(): Promise<T | null>;
  items(): AsyncGenerator<T, void>;
}

export function createQueue<T>(): Queue<T> {
  let items: T[] = [];
  let ended = false;
  let wake: () => void = () => {};
  const queue: Queue<T> = {
    push(item) {
      items.push(item);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async next() {
      while (items.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return items.shift() ?? null;
    },
    async *items() {
      for (;;) {
        const item = await queue.next();
        if (item === null) return;
        yield item;
        // Take the rest at once: shifting one by one from a long array costs its length each time.
        const rest = items;
        items = [];
        yield* rest;
      }
    },
  };
  return queue;
}
