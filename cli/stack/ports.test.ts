import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePorts, freePort, isPortFree } from './ports.ts';
import { reservePort } from './reservations.ts';

const servers: Server[] = [];

async function occupy(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('ports', () => {
  it('replaces a taken port by a free one and says so', async () => {
    const wanted = await freePort();
    await occupy(wanted);
    const { ports, notes, release } = await choosePorts('usual', { api: wanted });
    release();
    expect(ports.api).not.toBe(wanted);
    expect(notes).toContain(`port ${wanted} (api) is taken, using ${ports.api}`);
  });

  it('takes the remembered ports again while they are free', async () => {
    const remembered = { api: await freePort(), temporal: await freePort() };
    const { ports, notes, release } = await choosePorts('usual', remembered);
    release();
    expect(ports).toMatchObject(remembered);
    expect(notes.filter((note) => note.includes('(api)') || note.includes('(temporal)'))).toEqual([]);
  });

  it('gives every part a port of its own', async () => {
    const { ports, release } = await choosePorts('free');
    release();
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length);
    expect(ports.api).not.toBe(3000);
  });

  it('does not give out a port that another stack has chosen and does not use yet', async () => {
    const wanted = await freePort();
    const first = await choosePorts('usual', { api: wanted });
    const second = await choosePorts('usual', { api: wanted });
    expect(first.ports.api).toBe(wanted);
    expect(second.ports.api).not.toBe(wanted);
    first.release();
    second.release();
    const third = await choosePorts('usual', { api: wanted });
    third.release();
    expect(third.ports.api).toBe(wanted);
  });

  it('takes over the reservation of a process that is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-ports-'));
    writeFileSync(join(folder, '20001'), '999999999 1');
    writeFileSync(join(folder, '20002'), `${process.pid} long-ago`);
    expect(reservePort(20_001, folder)).toBe(true);
    expect(reservePort(20_002, folder)).toBe(true);
    expect(reservePort(20_002, folder)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('sees a port as free only when nobody listens there', async () => {
    const port = await freePort();
    expect(await isPortFree(port)).toBe(true);
    await occupy(port);
    expect(await isPortFree(port)).toBe(false);
  });
});
