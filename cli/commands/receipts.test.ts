/** `holdfast receipts` over the real API, with a lane that applies what comes at once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/api.ts';
import { accepted } from '../../test/given/accepted.ts';
import { laneAtOnce } from '../../test/given/lane.ts';
import { holdfastOn } from '../../test/given/holdfast.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';

let postgres: TestPostgres;
let test: TestApi;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'receipts-'));
  test = await startApi(postgres.url, { lane: laneAtOnce(() => test.db) });
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

function holdfast(...args: string[]) {
  return holdfastOn({ url: test.url, apiKey: test.keys.support }, args);
}

/** An order of 10.00 EUR by invoice. */
const invoiced = async (currency = 'EUR') =>
  String((await accepted(test.db, { payment: { method: 'invoice' }, currency })).number);

async function fileOf(name: string, ...lines: string[]): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const captured = async (order: string) => {
  const { body } = await test.call('GET', `/v1/orders/${order}`, { key: test.keys.support });
  return body.money.captured.amount as number;
};

describe('holdfast receipts record', () => {
  it('books what is written in the currency of the order, once', async () => {
    const order = await invoiced();
    const args = ['receipts', 'record', order, '--number', 'A-1', '--amount', '10.00'];
    const dry = await holdfast(...args, '--dry-run');
    expect(JSON.parse(dry.out)).toMatchObject({ body: { receipts: [{ amount: 1_000, currency: 'EUR' }] } });
    const first = await holdfast(...args);
    expect([first.code, first.out]).toEqual([
      0,
      expect.stringContaining(`10.00 EUR booked on order ${order}`),
    ]);
    expect((await holdfast(...args)).out).toContain('recorded before, booked');
    expect(await captured(order)).toBe(1_000);
  });

  it('says what it can not take', async () => {
    const order = await invoiced();
    const record = (...args: string[]) => holdfast('receipts', 'record', order, '--number', 'A-2', ...args);
    expect((await record('--amount', '10.001')).code).toBe(2);
    expect((await record('--amount', '1', '--currency', 'nix')).code).toBe(2);
    const ahead = await record('--amount', '1', '--received-at', '2100-01-01T00:00:00Z');
    expect([ahead.code, ahead.said]).toEqual([4, expect.stringContaining('in the future')]);
    const other = await record('--amount', '1', '--currency', 'USD');
    expect(other.out).toContain('the order is in EUR (receipt_mismatch)');
    expect(other.said).toContain('holdfast receipts assign rcp_');
  });
});

describe('holdfast receipts import', () => {
  it('books the good rows, names the others by their line, and may be run twice', async () => {
    const order = await invoiced();
    const yen = await invoiced('JPY');
    const file = await fileOf(
      'bank.csv',
      'order,number,amount,amountMinor,currency,receivedAt,method,note',
      `${order},B-1,4.00,,EUR,2026-03-01,,"first, of two"`,
      `${order},B-2,,600,eur,2026-03-02T10:00:00Z,bank_transfer,`,
      `${yen},B-3,1000,,JPY,,,`,
      `${yen},B-4,10.5,,JPY,,,`,
      `${order},B-5,1.00,100,EUR,,,`,
      `,B-6,1.00,,EUR,,,`,
      `${order},B-7,1.00,,EUR,yesterday,,`,
      `${order},B-8,1.00,,EUR,,cheque,`,
      `unknown,B-9,1.00,,EUR,,,`,
      `${order},B-10,-1.00,,EUR,,,`,
      `${order},B-11,1.00,,XXQ,,,`,
    );
    const first = await holdfast('receipts', 'import', file);
    expect(first.code).toBe(4);
    expect(first.out).toContain('3 booked, 0 to be booked within seconds, 0 recorded before');
    expect(first.out).toContain('1 kept that fit no order, 7 refused');
    for (const [line, problem] of [
      [5, 'amount is no amount above 0 in JPY'],
      [6, 'needs either amount or amountMinor'],
      [7, 'order is missing'],
      [8, 'receivedAt does not read as iso'],
      [9, 'method is one of'],
      [11, 'amount is no amount above 0 in EUR'],
      [12, 'XXQ is no currency'],
    ] as const)
      expect(first.out).toContain(`Line ${line}: refused: ${problem}`);
    expect(first.out).toMatch(/Line 10: kept as rcp_\w+: no order is called this \(not_found\)/);
    expect([await captured(order), await captured(yen)]).toEqual([1_000, 1_000]);
    const again = await holdfast('receipts', 'import', file, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ booked: 0, repeated: 4, refused: 7 });
    expect([await captured(order), await captured(yen)]).toEqual([1_000, 1_000]);
  });

  it('reads files of other countries, and sends nothing with --dry-run', async () => {
    const order = await invoiced();
    const file = await fileOf(
      'konto.csv',
      'order;number;amount;currency;receivedAt',
      `${order};C-1;1.010,50;EUR;01.03.2026`,
    );
    const args = ['receipts', 'import', file, '--delimiter', ';', '--decimal-mark', ','];
    const dates = ['--date-format', 'dd.MM.yyyy', '--time-zone', 'Europe/Berlin'];
    const dry = await holdfast(...args, ...dates, '--dry-run');
    expect(JSON.parse(dry.out).body).toEqual({
      source: 'file',
      receipts: [
        { order, number: 'C-1', amount: 101_050, currency: 'EUR', receivedAt: '2026-02-28T23:00:00.000Z' },
      ],
    });
    expect(await captured(order)).toBe(0);
    const missing = await holdfast('receipts', 'import', join(folder, 'none.csv'));
    expect([missing.code, missing.said]).toEqual([2, expect.stringContaining('cannot be read')]);
  });
});

describe('what fits no order', () => {
  it('is no success, and is mended under its number', async () => {
    const order = await invoiced();
    const args = ['receipts', 'record', order, '--number', 'M-1', '--amount', '10.00'];
    for (const said of ['fits no order', 'recorded before, unmatched']) {
      const wrong = await holdfast(...args, '--currency', 'USD');
      expect([wrong.code, wrong.out]).toEqual([4, expect.stringContaining(said)]);
      expect(wrong.said).toMatch(/receipts assign rcp_/);
    }
    const right = await holdfast(...args);
    expect([right.code, right.out]).toEqual([0, expect.stringContaining('booked on order')]);
    expect(await captured(order)).toBe(1_000);
  });

  it('is listed, given to its order, or sent back', async () => {
    const order = await invoiced();
    const keep = async (number: string) => {
      await holdfast(
        'receipts',
        'record',
        'nobody',
        '--number',
        number,
        '--amount',
        '5',
        '--currency',
        'EUR',
      );
      const { out } = await holdfast('receipts', 'list', '--state', 'unmatched', '--json');
      const rows: { id: string; number: string }[] = JSON.parse(out);
      return rows.find((row) => row.number === number)?.id ?? '';
    };
    const assigned = await holdfast('receipts', 'assign', await keep('D-1'), order);
    expect(assigned.out).toContain(`of order ${order}: 5.00 EUR, booked`);
    const returned = await holdfast('receipts', 'return', await keep('D-2'), '--note', 'Sent back.');
    expect(returned.out).toContain('5.00 EUR, returned');
    expect((await holdfast('receipts', 'list', order)).out).toContain('D-1');
    const refused = await holdfast('receipts', 'assign', 'rcp_none', order);
    expect([refused.code, refused.said]).toEqual([3, expect.stringContaining('nothing at this address')]);
  });
});
