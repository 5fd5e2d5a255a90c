/**
 * `npm run verify:import -- FILE`: imports a file of invoices into a fresh stack, lets every order reach its end and
 * checks that the file, Holdfast, the payment gateway and the stock agree. Exit code 1 when any figure is short.
 */
import { parseArgs } from 'node:util';
import { proveBalance } from './balance.ts';
import { startFigures } from './figures.ts';
import { openStage } from './stage.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [file] = positionals;
if (file === undefined || positionals.length > 1) {
  process.stderr.write(
    'usage: npm run verify:import -- FILE\n  FILE: invoices in the form of --preset online-retail\n',
  );
  process.exit(2);
}
const figures = startFigures();
const stage = await openStage({ temporalInMemory: true });
try {
  await proveBalance(stage, file, figures);
} finally {
  await stage.close();
}
process.exitCode = figures.met() ? 0 : 1;
