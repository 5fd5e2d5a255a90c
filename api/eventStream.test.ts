/** A stream on the wire: its form, and callers that do not read, go away or come too late. */
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { beginEventStream } from './eventStream.ts';

const closing: (() => Promise<void>)[] = [];
const WITHIN = { timeout: 8_000 };

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server with one answer that is still to be given, and the caller's end of it. */
async function answerTo(): Promise<{ response: ServerResponse; socket: Socket }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const arriving = new Promise<ServerResponse>((resolve) =>
    server.once('request', (_request, response) => resolve(response)),
  );
  const socket = connect(address.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  closing.push(async () => {
    socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { response: await arriving, socket };
}

describe('an event stream', () => {
  it('has the form that browsers read', async () => {
    const { response, socket } = await answerTo();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const stream = beginEventStream(response, ['X-One', 'a'], () => undefined);
    stream.send('change', 'id-1', { text: 'two\nlines' });
    stream.end();
    await expect.poll(() => text, WITHIN).toContain('id-1');
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\nX-One: a\r\n/);
    expect(text).toContain('retry:1000\n\n');
    expect(text).toContain('event:change\nid:id-1\ndata:{"text":"two\\nlines"}\n\n');
  });

  it('cuts off a caller that does not read, and keeps no more than a bound for it', async () => {
    const { response, socket } = await answerTo();
    socket.pause();
    let ends = 0;
    const stream = beginEventStream(response, [], () => (ends += 1));
    const piece = 'x'.repeat(64 * 1024);
    let most = 0;
    for (let at = 0; at < 10_000 && ends === 0; at += 1) {
      stream.send('change', String(at), piece);
      most = Math.max(most, response.writableLength);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ends).toBe(1);
    expect(most).toBeLessThan(2 * 1024 * 1024);
    expect(response.destroyed).toBe(true);
  });

  it('ends also when its caller does not read the rest, and what is sent then harms nobody', async () => {
    const { response, socket } = await answerTo();
    socket.pause();
    let ends = 0;
    const stream = beginEventStream(response, [], () => (ends += 1));
    // More than the sockets hold, less than the bound: the answer can't finish by itself.
    while (response.writableLength === 0) {
      stream.send('change', '1', 'x'.repeat(256 * 1024));
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.end();
    expect(ends).toBe(1);
    expect(response.destroyed).toBe(false);
    stream.send('change', '2', 'late');
    stream.end();
    await expect.poll(() => response.destroyed, WITHIN).toBe(true);
    stream.send('change', '3', 'later');
    expect(ends).toBe(1);
  });

  it('is over when its caller goes', async () => {
    const { response, socket } = await answerTo();
    let ends = 0;
    const stream = beginEventStream(response, [], () => (ends += 1));
    socket.destroy();
    await expect.poll(() => ends, WITHIN).toBe(1);
    stream.send('change', '1', 'late');
    stream.end();
    expect(ends).toBe(1);
  });
});
