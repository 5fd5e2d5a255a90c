/** Watches whether the database answers: a worker without it would only burn tries of other people's orders. */
import type pg from 'pg';

const CHECK_MILLIS = 1_000;
const AWAY_AFTER_MILLIS = 5_000;

/** One guard a process. */
export class DatabaseGuard {
  private readonly pool: pg.Pool;
  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** Resolves once the database answers or the signal aborts. */
  async waitUntilUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.answers())) await pause(CHECK_MILLIS);
  }

  /** Calls `onAway` once when the database has not answered for 5 s. Returns how to stop watching. */
  watch(onAway: () => void): () => void {
    let lastAnswer = Date.now();
    let checking = false;
    const timer = setInterval(() => {
      if (Date.now() - lastAnswer > AWAY_AFTER_MILLIS) {
        clearInterval(timer);
        onAway();
        return;
      }
      if (checking) return;
      checking = true;
      void this.answers().then((up) => {
        if (up) lastAnswer = Date.now();
        checking = false;
      });
    }, CHECK_MILLIS);
    return () => clearInterval(timer);
  }

  private async answers(): Promise<boolean> {
    return this.pool.query('select 1').then(
      () => true,
      () => false,
    );
  }
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
