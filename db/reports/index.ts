/** All reports: a new one is one file here and one line in this list; route, CSV, command line and console follow. */
import { ATTENTION_REPORT } from './attention.ts';
import { CANCELLATIONS } from './cancellations.ts';
import { PAYMENTS } from './payments.ts';
import type { Report } from './report.ts';
import { SALES } from './sales.ts';
import { STAGE_TIMES } from './stages.ts';

/** The reports in the order in which they are shown. */
export const REPORTS: readonly Report[] = [SALES, STAGE_TIMES, ATTENTION_REPORT, CANCELLATIONS, PAYMENTS];

export { readToday, type Report } from './report.ts';
