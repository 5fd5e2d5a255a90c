/**
 * Says how far a long job is: a bar that redraws itself on a terminal, a line every few seconds elsewhere. Writes to
 * stderr, so that stdout stays data.
 */

export interface ProgressOptions {
  /** What is counted, e.g. "orders". */
  unit: string;
  total: number;
  stream?: NodeJS.WriteStream;
  /** Milliseconds between two lines where there is no terminal. */
  everyMillis?: number;
  now?: () => number;
}

/** A progress bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** Counts `count` more as done; `note` stands behind the figures. */
  add(count: number, note?: string): void;
  /** Prints the last state and gives the line free. */
  end(): void;
}

const BAR_WIDTH = 24;
const REDRAW_MILLIS = 100;

/** Starts counting. Nothing is printed before the first `add`. */
export function startProgress(options: ProgressOptions): Progress {
  const stream = options.stream ?? process.stderr;
  const now = options.now ?? Date.now;
  const every = stream.isTTY ? REDRAW_MILLIS : (options.everyMillis ?? 3_000);
  const startedAt = now();
  let printedAt = startedAt;
  let done = 0;
  let note = '';
  const print = () => {
    printedAt = now();
    const text = progressLine({ done, total: options.total, unit: options.unit, millis: now() - startedAt });
    const line = note === '' ? text : `${text} · ${note}`;
    stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  return {
    add(count, newNote) {
      done += count;
      note = newNote ?? note;
      if (now() - printedAt >= every) print();
    },
    end() {
      print();
      if (stream.isTTY) stream.write('\n');
    },
  };
}

/** "[######······] 120/600 orders · 85/s · 6 s left" */
export function progressLine(state: { done: number; total: number; unit: string; millis: number }): string {
  const { done, total, unit, millis } = state;
  const part = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(part * BAR_WIDTH);
  const rate = millis > 0 ? (done / millis) * 1_000 : 0;
  const left = rate > 0 && done < total ? ` · ${duration((total - done) / rate)} left` : '';
  const bar = `[${'#'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}]`;
  return `${bar} ${done}/${total} ${unit} · ${rate.toFixed(rate < 10 ? 1 : 0)}/s${left}`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
