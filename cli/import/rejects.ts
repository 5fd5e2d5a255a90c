/** The rejects file: one CSV line for every row of the input that did not become part of an order, with its reason. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stringify } from 'csv-stringify/sync';

/** Why the rows of one order were refused. */
export interface Reject {
  rows: readonly number[];
  externalId: string;
  reason: string;
  detail: string;
}

/** The file that refused rows go to, each with its number and reason. */
export interface RejectsFile {
  write(reject: Reject): Promise<void>;
  close(): Promise<void>;
}

/** Columns of the rejects file. */
export const REJECT_COLUMNS = ['row', 'externalId', 'reason', 'detail'] as const;

/** Opens the file anew: each run of an import writes all refusals, also those of the run it resumes. */
export async function openRejects(file: string): Promise<RejectsFile> {
  const stream = createWriteStream(file, { flags: 'w' });
  await once(stream, 'open');
  const write = async (records: (string | number)[][]) => {
    // A cell that begins like a formula would run in a spreadsheet; escape_formulas puts a quote before it.
    if (!stream.write(stringify(records, { escape_formulas: true }))) await once(stream, 'drain');
  };
  await write([[...REJECT_COLUMNS]]);
  return {
    write: (reject) =>
      write(reject.rows.map((row) => [row, printable(reject.externalId), reject.reason, reject.detail])),
    async close() {
      stream.end();
      await once(stream, 'close');
    },
  };
}

/** A broken row's own text may hold what no spreadsheet opens. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}
