/** The doorbell of live screens: rings are gathered, and who listens goes on after every way a connection can die. */
import { createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, startPostgres, type TestPostgres } from '../test/postgres.ts';
import { connect, type Db } from './connect.ts';
import { listenForChanges } from './reads/changes.ts';
import { CHANGES_CHANNEL, noteChange } from './writes/changes.ts';

let postgres: TestPostgres;
let url: string;
let db: Db;

const WITHIN = { timeout: 8_000 };

beforeAll(async () => {
  postgres = await startPostgres();
  url = await freshDatabase(postgres.url);
  db = connect({ url, max: 2 });
});
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

async function listeners(): Promise<number[]> {
  const { rows } = await db.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and query ilike 'listen %'`,
  );
  return rows.map(({ pid }) => pid);
}

describe('noteChange', () => {
  it('rings at once, and gathers what comes within a moment into one more', async () => {
    const client = new pg.Client(url);
    await client.connect();
    const heard: string[] = [];
    client.on('notification', ({ payload = '' }) => heard.push(payload));
    await client.query(`listen ${CHANGES_CHANNEL}`);
    for (let at = 0; at < 500; at += 1) noteChange(db.pool);
    await expect.poll(() => heard, WITHIN).toHaveLength(2);
    noteChange(db.pool);
    await expect.poll(() => heard, WITHIN).toHaveLength(3);
    await client.query(`select pg_notify('${CHANGES_CHANNEL}', 'the end')`);
    await expect.poll(() => heard.at(-1), WITHIN).toBe('the end');
    expect(heard).toEqual(['', '', '', 'the end']);
    await client.end();
  });

  it('neither throws nor waits when the database is away or the pool has ended', async () => {
    const away = connect({ url: 'postgres://x:y@127.0.0.1:1/none', max: 1 });
    for (let at = 0; at < 10; at += 1) noteChange(away.pool);
    await away.close();
    expect(() => noteChange(away.pool)).not.toThrow();
  });
});

describe('listenForChanges', () => {
  it('hears a ring, on a connection that is not of the pool', async () => {
    let rings = 0;
    const listening = listenForChanges(db, () => (rings += 1));
    // Listening begins with a look: something may have been missed before.
    await expect.poll(() => rings, WITHIN).toBe(1);
    expect(db.pool.totalCount - db.pool.idleCount).toBe(0);
    noteChange(db.pool);
    await expect.poll(() => rings, WITHIN).toBe(2);
    await listening.stop();
    await expect.poll(listeners, WITHIN).toEqual([]);
  });

  it('listens anew after its connection was killed, and looks', async () => {
    let rings = 0;
    const listening = listenForChanges(db, () => (rings += 1));
    for (let kills = 1; kills <= 3; kills += 1) {
      await expect.poll(() => rings, WITHIN).toBe(kills);
      const [pid] = await listeners();
      await db.pool.query('select pg_terminate_backend($1)', [pid]);
    }
    await expect.poll(() => rings, WITHIN).toBe(4);
    expect(await listeners()).toHaveLength(1);
    await listening.stop();
    await expect.poll(listeners, WITHIN).toEqual([]);
  });

  it('has one connection at a time, also when one dies before it listens', async () => {
    const broken = await brokenPostgres(2);
    const pool = new pg.Pool({ host: '127.0.0.1', port: broken.port, user: 'x', database: 'x' });
    let rings = 0;
    const listening = listenForChanges({ pool }, () => (rings += 1));
    await expect.poll(() => rings, WITHIN).toBe(1);
    expect(broken.made()).toBe(3);
    expect(broken.open()).toBe(1);
    await listening.stop();
    await expect.poll(broken.open, WITHIN).toBe(0);
    await pool.end();
    await broken.close();
  });

  it('stops while it connects, and while it waits to connect again', async () => {
    const silent = await brokenPostgres(0, () => undefined);
    const pool = new pg.Pool({ host: '127.0.0.1', port: silent.port, user: 'x', database: 'x' });
    const connecting = listenForChanges({ pool }, () => undefined);
    await expect.poll(silent.open, WITHIN).toBe(1);
    await connecting.stop();
    await expect.poll(silent.open, WITHIN).toBe(0);
    await silent.close();
    const waiting = listenForChanges({ pool }, () => undefined);
    await waiting.stop();
    await pool.end();
  });
});

interface BrokenPostgres {
  port: number;
  /** Connections that were made, and that are open now. */
  made(): number;
  open(): number;
  close(): Promise<void>;
}

/** Speaks just enough to be taken for PostgreSQL; the first `broken` connections die instead of answering a query. */
async function brokenPostgres(
  broken: number,
  greet: (socket: Socket) => void = (socket) => {
    socket.write(Buffer.from([...message('R', [0, 0, 0, 0]), ...message('Z', [73])]));
  },
): Promise<BrokenPostgres> {
  const sockets = new Set<Socket>();
  let made = 0;
  const server: Server = createServer((socket) => {
    made += 1;
    const isBroken = made <= broken;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.once('data', () => {
      greet(socket);
      socket.on('data', (bytes) => {
        if (bytes.toString('latin1', 0, 1) !== 'Q') socket.end();
        else if (isBroken) socket.destroy();
        else
          socket.write(Buffer.from([...message('C', [...Buffer.from('LISTEN\0')]), ...message('Z', [73])]));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    port: address.port,
    made: () => made,
    open: () => sockets.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function message(type: string, body: number[]): number[] {
  return [type.charCodeAt(0), 0, 0, 0, 4 + body.length, ...body];
}
