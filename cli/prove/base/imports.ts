/** An import of invoices balances: of a generated file with every odd row, or of the real one in `--samples`. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { proveBalance } from '../balance.ts';
import type { Figures } from '../figures.ts';
import { generateRetail } from '../retail.ts';
import { openStage } from '../stage.ts';

const SEED = 20_091_201;
const INVOICES = 300;

/** Makes or finds the file and balances it. */
export async function proveImport(figures: Figures, options: { samples: string | undefined }): Promise<void> {
  const stage = await openStage({ quiet: true, temporalInMemory: true });
  try {
    const real = options.samples && join(options.samples, 'online-retail-ii', 'sample.csv');
    if (real && !existsSync(real)) throw new Error(`there is no ${real}`);
    const file = real || join(stage.folder, 'invoices.csv');
    if (!real) await writeFile(file, generateRetail({ seed: SEED, invoices: INVOICES }).csv);
    figures.note(
      real ? `file: ${real}` : `file: ${INVOICES} invoices generated from seed ${SEED}, odd rows included`,
    );
    await proveBalance(stage, file, figures);
  } finally {
    await stage.close();
  }
}
