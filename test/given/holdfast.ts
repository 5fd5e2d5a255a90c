/** The `holdfast` command as somebody types it, in this process: its exit code and what it printed. */
import type { CliIo } from '../../cli/context.ts';
import { runCli } from '../../cli/run.ts';

/** Runs one command against an API. Nobody is there to be asked, and there are no files, unless `io` says otherwise. */
export async function holdfastOn(
  io: Pick<CliIo, 'url' | 'apiKey'> & Partial<CliIo>,
  args: readonly string[],
): Promise<{ code: number; out: string; said: string }> {
  const out: string[] = [];
  const said: string[] = [];
  const code = await runCli(args, {
    out: (line) => void out.push(line),
    say: (line) => void said.push(line),
    canAsk: false,
    ask: () => Promise.resolve(false),
    readFile: () => Promise.reject(new Error('no such file')),
    local: undefined,
    signal: new AbortController().signal,
    ...io,
  });
  return { code, out: out.join('\n'), said: said.join('\n') };
}
