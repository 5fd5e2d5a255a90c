/** A small cache of what is read from the database on every request: kept for a moment, one read at a time a key. */

/** Gives the value at once while it is fresh, else a promise of it. */
export interface Cached<T> {
  get(key: string): T | Promise<T>;
  /** Forgets a key, so that this process sees its own change at once. */
  forget(key: string): void;
  /** Forgets everything. */
  clear(): void;
}

/** Keeps at most `max` values for `millis` each; the oldest go first. A failed read is not kept. */
export function cached<T>(millis: number, max: number, read: (key: string) => Promise<T>): Cached<T> {
  const kept = new Map<string, { value: T; until: number }>();
  const reading = new Map<string, Promise<T>>();

  function start(key: string): Promise<T> {
    const promise = read(key)
      .then((value) => {
        // Forgotten while it was read: the value may be from before the change.
        if (reading.get(key) !== promise) return value;
        kept.delete(key);
        kept.set(key, { value, until: Date.now() + millis });
        const oldest = kept.size > max ? kept.keys().next().value : undefined;
        if (oldest !== undefined) kept.delete(oldest);
        return value;
      })
      .finally(() => {
        if (reading.get(key) === promise) reading.delete(key);
      });
    reading.set(key, promise);
    return promise;
  }

  return {
    get(key) {
      const found = kept.get(key);
      if (found && found.until > Date.now()) return found.value;
      return reading.get(key) ?? start(key);
    },
    forget(key) {
      kept.delete(key);
      reading.delete(key);
    },
    clear() {
      kept.clear();
      reading.clear();
    },
  };
}
