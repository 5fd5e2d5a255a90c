/** docs/reports.md is held to the reports: each has its section with every grouping, filter and column, and no section is left over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPORTS } from '../db/reports/index.ts';
import { ROOT } from './source.ts';

const text = readFileSync(join(ROOT, 'docs/reports.md'), 'utf8');
const part = text.slice(text.indexOf('## The reports'), text.indexOf('## How the numbers come about'));
const sections = new Map(
  part
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', section]),
);

describe('docs/reports.md', () => {
  it('has a section for each report and for no other', () => {
    expect([...sections.keys()]).toEqual(REPORTS.map((report) => report.form.id));
  });

  it.each(REPORTS.map((report) => report.form))('says what $id counts, column by column', (form) => {
    const section = sections.get(form.id) ?? '';
    const columns = [...section.matchAll(/^\| `(\w+)` +\| (.+?) *\|$/gm)];
    expect(columns.map(([, id]) => id)).toEqual(form.columns.map((column) => column.id));
    for (const [, id, meaning] of columns) expect(meaning?.length, id).toBeGreaterThan(20);
    const groupings = section.slice(section.indexOf('Groupings:'));
    for (const { id } of form.groupings) expect(groupings).toContain(`\`${id}\``);
    const filters = /Filters: ([^.]+)\./.exec(section)?.[1] ?? '';
    expect([...filters.matchAll(/`(\w+)`/g)].map(([, id]) => id)).toEqual([...form.filters]);
  });
});
