/**
 * What happens by itself after a while: the next report of a warehouse, the next scan of a parcel. The pace is data
 * and may change while steps wait; a waiting step is then armed again.
 */

/** How long a step waits; paces follow the pace when it changes. */
export interface Delay {
  paces: number;
  seconds?: number;
}

/** A clockwork of steps that wait. */
export interface Steps {
  /** Runs `step` after so many paces and seconds; a second plan for the same id replaces the first. */
  plan(id: string, after: Delay, step: () => void): void;
  /** Seconds a pace takes now. */
  pace(): number;
  setPace(seconds: number): void;
  close(): void;
}

interface Waiting {
  since: number;
  after: Delay;
  step: () => void;
  timer: NodeJS.Timeout;
}

/** A clockwork with a pace in seconds; 0 = at once. */
export function createSteps(paceSeconds: number): Steps {
  let pace = paceSeconds;
  let closed = false;
  const waiting = new Map<string, Waiting>();

  function arm(id: string, plan: Omit<Waiting, 'timer'>): void {
    const seconds = plan.after.paces * pace + (plan.after.seconds ?? 0);
    const rest = Math.max(0, plan.since + seconds * 1000 - Date.now());
    const timer = setTimeout(() => {
      waiting.delete(id);
      plan.step();
    }, rest);
    waiting.set(id, { ...plan, timer });
  }

  return {
    plan(id, after, step) {
      if (closed) return;
      clearTimeout(waiting.get(id)?.timer);
      arm(id, { since: Date.now(), after, step });
    },
    pace: () => pace,
    setPace(seconds) {
      pace = seconds;
      for (const [id, { timer, ...plan }] of [...waiting]) {
        clearTimeout(timer);
        arm(id, plan);
      }
    },
    close() {
      closed = true;
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
