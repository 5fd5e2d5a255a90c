/**
 * What the launcher says: one line per step on stderr, and a line that keeps itself current while something slow runs
 * (on a terminal it is overwritten; elsewhere it is printed every ten seconds).
 */
import pc from 'picocolors';

/** A step under way: `update` changes what is said about it, `done` ends its line. */
export interface Step {
  update(text: string): void;
  done(text?: string): void;
  /** Ends the line of a step that did not succeed; the caller says why. */
  failed(): void;
}

/** Where the launcher's talk goes. */
export interface Say {
  line(text: string): void;
  warn(text: string): void;
  /** Starts a step that may take a while; elapsed seconds are shown. */
  step(text: string): Step;
}

const TICK_MILLIS = 1_000;
const PLAIN_EVERY_SECONDS = 10;

/** Talks on stderr. */
export function sayOnStderr(stream: NodeJS.WriteStream = process.stderr): Say {
  const live = stream.isTTY === true;
  let open: (() => void) | undefined;
  const write = (text: string) => {
    if (live && open) stream.write('\r\u001B[2K');
    stream.write(`${text}\n`);
    open?.();
  };
  return {
    line: (text) => write(text),
    warn: (text) => write(pc.yellow(text)),
    step(text) {
      const started = Date.now();
      let current = text;
      const seconds = () => Math.round((Date.now() - started) / 1000);
      const draw = () => {
        if (live) stream.write(`\r\u001B[2K${pc.dim('…')} ${current} ${pc.dim(`${seconds()} s`)}`);
        else if (seconds() > 0 && seconds() % PLAIN_EVERY_SECONDS === 0)
          stream.write(`  ${current} (${seconds()} s)\n`);
      };
      const redraw = live ? draw : () => undefined;
      const timer = setInterval(draw, TICK_MILLIS);
      timer.unref();
      open = redraw;
      redraw();
      const end = (mark: string, last: string) => {
        clearInterval(timer);
        open = undefined;
        if (live) stream.write('\r\u001B[2K');
        stream.write(`${mark} ${last}${seconds() > 0 ? pc.dim(` (${seconds()} s)`) : ''}\n`);
      };
      return {
        update(next) {
          current = next;
          redraw();
        },
        done: (last = current) => end(pc.green('✓'), last),
        failed: () => end(pc.red('✗'), current),
      };
    },
  };
}

/** Says nothing; warnings go to `warnings` when it is given. */
export function saySilently(warnings?: string[]): Say {
  return {
    line: () => undefined,
    warn: (text) => void warnings?.push(text),
    step: () => ({ update: () => undefined, done: () => undefined, failed: () => undefined }),
  };
}

/** Runs `work` as one step: its line ends well when the work does, and as failed when it throws. */
export async function asStep<T>(say: Say, text: string, work: (step: Step) => Promise<T>): Promise<T> {
  const step = say.step(text);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.failed();
    throw error;
  }
}
