/** The queue's own rules: which case is worked on, which comes next, and running one action over many. */

/**
 * The case that is selected: the one the address names while it is in the list; when it has gone, whatever took its
 * place, and the last one when it was the last. Undefined when the list is empty.
 */
export function selectedOf(
  ids: readonly string[],
  wanted: string | undefined,
  lastIndex: number,
): string | undefined {
  if (wanted !== undefined && ids.includes(wanted)) return wanted;
  return ids[Math.min(Math.max(lastIndex, 0), ids.length - 1)];
}

/** The case `by` places further in the list, staying inside it. */
export function moved(ids: readonly string[], current: string | undefined, by: number): string | undefined {
  const index = current === undefined ? -1 : ids.indexOf(current);
  if (index === -1) return ids[0];
  return ids[Math.min(Math.max(index + by, 0), ids.length - 1)];
}

/** The case after one that was dealt with: the next, else the one before; undefined when it was alone. */
export function afterDone(ids: readonly string[], done: string): string | undefined {
  const index = ids.indexOf(done);
  return ids[index + 1] ?? ids[index - 1];
}

/**
 * Runs `act` over all items, at most `atOnce` at a time, in order. `act` must not throw: what becomes of each item is its
 * answer, given to `onDone` as soon as it is there.
 */
export async function runAll<Item, Outcome>(
  items: readonly Item[],
  atOnce: number,
  run: { act(item: Item): Promise<Outcome>; onDone(outcome: Outcome): void },
): Promise<void> {
  let next = 0;
  async function lane(): Promise<void> {
    for (let item = items[next++]; item !== undefined; item = items[next++]) run.onDone(await run.act(item));
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
