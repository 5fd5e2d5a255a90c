/**
 * Preloaded into api, worker and simulators by `npm run bench -- --profile`: takes a CPU profile of the process's whole
 * life. (--cpu-prof itself may not stand in NODE_OPTIONS, and the launcher's processes can be reached by nothing else.)
 */
/* oxlint-disable typescript/no-unsafe-call -- plain JavaScript, preloaded before any loader: no types are known here */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { basename, dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const folder = process.env['BENCH_PROFILE_FOLDER'];
const script = process.argv[1] ?? '';

if (folder && isMainThread && /[/\\](api|worker|simulators)[/\\]main\.ts$/.test(script)) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      const name = `${basename(dirname(script))}-${process.pid}.cpuprofile`;
      if (!error) writeFileSync(join(folder, name), JSON.stringify(result.profile));
    });
  });
}
