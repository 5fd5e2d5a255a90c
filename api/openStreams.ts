/** Which streams are open in this process, how many of each caller, and how all of them end. */

const STREAMS_MAX = 500;
const STREAMS_PER_CALLER_MAX = 20;

/** The streams of one process. */
export interface OpenStreams {
  /**
   * Takes a place for a caller; undefined when there is none left or all have ended. Give it back by calling what is
   * returned, once or more. `end` is called when the process stops, unless the place was given back before.
   */
  take(caller: string, end: () => void): (() => void) | undefined;
  count(): number;
  /** True when the process stops: no stream begins any more. */
  isStopped(): boolean;
  /** Ends all streams. */
  stop(): void;
}

/** Counts from zero. */
export function createOpenStreams(): OpenStreams {
  const open = new Set<{ caller: string; end: () => void }>();
  let isStopped = false;
  return {
    take(caller, end) {
      const own = [...open].filter((one) => one.caller === caller).length;
      if (isStopped || open.size >= STREAMS_MAX || own >= STREAMS_PER_CALLER_MAX) return undefined;
      const place = { caller, end };
      open.add(place);
      return () => void open.delete(place);
    },
    count: () => open.size,
    isStopped: () => isStopped,
    stop() {
      isStopped = true;
      for (const { end } of open) end();
    },
  };
}
