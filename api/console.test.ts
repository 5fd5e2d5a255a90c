/** The console's files as the API serves them: one page under a fresh nonce, assets that never grow stale, nothing else. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';

let postgres: TestPostgres;
let api: TestApi;
let folder: string;

const SCRIPT = `console.log('${'long '.repeat(400)}');`;
const HTML = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const CHROME = 'gzip, deflate, br, zstd';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-test-console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    `<meta property="csp-nonce" nonce="__CSP_NONCE__"><script type="module" nonce="__CSP_NONCE__" src="/assets/app-Ab_1-2.js"></script>`,
  );
  await writeFile(join(folder, 'secret.js'), 'outside of assets');
  await writeFile(join(folder, 'assets', '.hidden.js'), 'outside too');
  await writeFile(join(folder, 'assets', 'app-Ab_1-2.js'), SCRIPT);
  await writeFile(join(folder, 'assets', 'app-Ab_1-2.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'assets', 'app-Ab_1-2.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(folder, 'assets', 'only-gz.css'), 'a{}');
  await writeFile(join(folder, 'assets', 'only-gz.css.gz'), gzipSync('a{}'));
  await writeFile(join(folder, 'assets', 'small.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  postgres = await startPostgres();
  api = await startApi(postgres.url, { consoleDir: folder });
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
}

/** Asks for the path exactly as it is written, and takes the bytes exactly as they come. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes: Buffer.concat(chunks),
        }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the page', () => {
  it('stands under a strict policy with a nonce of its own on every answer', async () => {
    const nonces = new Set<string>();
    for (let at = 0; at < 5; at += 1) {
      const answer = await api.call('GET', '/', { headers: HTML });
      expect(answer.status).toBe(200);
      const policy = answer.headers.get('content-security-policy') ?? '';
      const nonce = /style-src 'self' 'nonce-([\w+/=]{22,})'/.exec(policy)?.[1] ?? '';
      const inPage = [...String(answer.body).matchAll(/nonce="([^"]*)"/g)].map((match) => match[1]);
      expect(inPage).toEqual([nonce, nonce]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/(script|style)-src [^;]*unsafe/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });

  it.each(['/', '/orders', '/orders/100042', '/orders/100042/', '/attention?code=x', '/reports/sales/%zz'])(
    'is what a browser gets at %s',
    async (path) => {
      const answer = await get(path, HTML);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.bytes.toString()).toContain('/assets/app-Ab_1-2.js');
    },
  );

  it('comes at / for any program, and answers HEAD without a body', async () => {
    expect((await get('/', { accept: '*/*' })).status).toBe(200);
    const head = await get('/orders/1', HTML, 'HEAD');
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
  });

  it('is given in place of nothing that is not the console’s', async () => {
    const problems: [string, string, Record<string, string>][] = [
      ['GET', '/v1/unknown', HTML],
      ['GET', '/v1', HTML],
      ['GET', '/v1/', HTML],
      ['GET', '/assets/missing-1.js', HTML],
      ['GET', '/assets', HTML],
      ['GET', '/metrics', HTML],
      ['GET', '/orders/100042', {}],
      ['GET', '/orders/100042', { accept: '*/*' }],
      ['GET', '/orders/100042', { accept: 'application/json' }],
      ['POST', '/', HTML],
      ['POST', '/orders', HTML],
    ];
    for (const [method, path, headers] of problems) {
      const answer = await get(path, headers, method);
      const told = [method, path, answer.status, answer.headers['content-type']];
      expect(told).toEqual([method, path, 404, 'application/problem+json; charset=utf-8']);
      expect(JSON.parse(answer.bytes.toString()).code).toBe('not_found');
    }
    const unsigned = await get('/v1/orders', HTML);
    expect([unsigned.status, JSON.parse(unsigned.bytes.toString()).code]).toEqual([401, 'unauthenticated']);
    expect((await get('/health', HTML)).headers['content-type']).toMatch(/json/);
    expect((await get('/docs', HTML)).bytes.toString()).toContain('Holdfast API');
  });
});

describe('assets', () => {
  const path = '/assets/app-Ab_1-2.js';

  it.each([
    [CHROME, 'br'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['deflate', undefined],
    ['identity', undefined],
    ['br;q=0, gzip;q=0', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('to a caller that accepts %s come as %s', async (accepted, encoding) => {
    const answer = await get(path, accepted === undefined ? {} : { 'accept-encoding': accepted });
    expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
    const open = { br: brotliDecompressSync, gzip: gunzipSync }[encoding ?? ''];
    expect((open ? open(answer.bytes) : answer.bytes).toString()).toBe(SCRIPT);
    expect(answer.headers['content-type']).toMatch(/^(text|application)\/javascript/);
    expect(answer.headers['vary']).toMatch(/accept-encoding/i);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('come as they are when they were not compressed', async () => {
    const gz = await get('/assets/only-gz.css', { 'accept-encoding': CHROME });
    expect([gz.headers['content-encoding'], gunzipSync(gz.bytes).toString()]).toEqual(['gzip', 'a{}']);
    const svg = await get('/assets/small.svg', { 'accept-encoding': CHROME });
    expect([svg.headers['content-encoding'], svg.headers['content-type']]).toEqual([
      undefined,
      'image/svg+xml',
    ]);
  });

  it('are not sent again to who has them, and answer HEAD', async () => {
    const br = await get(path, { 'accept-encoding': 'br' });
    const etag = String(br.headers['etag']);
    const again = await get(path, { 'accept-encoding': 'br', 'if-none-match': etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const other = await get(path, { 'accept-encoding': 'gzip', 'if-none-match': etag });
    expect(other.status).toBe(200);
    const head = await get(path, { 'accept-encoding': 'br' }, 'HEAD');
    expect([head.status, head.headers['content-encoding'], head.bytes.length]).toEqual([200, 'br', 0]);
  });

  it('are refused readably: a problem is never labelled as compressed or kept', async () => {
    const accepts = { 'accept-encoding': 'br' };
    const refused = [
      await get(path, accepts, 'POST'),
      await get(path, accepts, 'DELETE'),
      await get('/assets/missing.js', accepts),
    ];
    for (const answer of refused) {
      expect([answer.status, answer.headers['content-encoding']]).toEqual([404, undefined]);
      expect(JSON.parse(answer.bytes.toString()).code).toBe('not_found');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    const odd = [
      { range: 'bytes=999999-' },
      { 'if-match': '"other"' },
      { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    ];
    for (const headers of odd) {
      const answer = await get(path, { ...accepts, ...headers });
      expect([answer.status, brotliDecompressSync(answer.bytes).toString()]).toEqual([200, SCRIPT]);
    }
  });

  it.each([
    '/assets/../secret.js',
    '/assets/../index.html',
    '/assets/..%2fsecret.js',
    '/assets/%2e%2e/secret.js',
    '/assets/%2e%2e%2fsecret.js',
    '/assets/..%5csecret.js',
    '/assets/..\\secret.js',
    '/assets//../secret.js',
    '/assets/./../secret.js',
    '/assets/../../../../../../../../etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '/assets/app-Ab_1-2.js%00.svg',
    '/assets/.hidden.js',
    '/assets/%',
    '/assets/',
  ])('lead nowhere else: %s', async (traversal) => {
    for (const headers of [{}, { 'accept-encoding': CHROME }]) {
      const answer = await get(traversal, headers);
      expect(answer.status).toBe(404);
      expect(answer.bytes.toString()).not.toMatch(/outside|root:|csp-nonce/);
    }
  });
});

describe('a console that is not built', () => {
  it('says so, and the API works', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'holdfast-test-empty-'));
    for (const consoleDir of [empty, join(empty, 'none'), undefined]) {
      const without = await startApi(postgres.url, { consoleDir });
      const page = await without.call('GET', '/orders/1', { headers: HTML });
      expect(page.status).toBe(503);
      expect(String(page.body)).toContain('The console is not built');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await without.call('GET', '/assets/app-Ab_1-2.js')).status).toBe(404);
      expect((await without.call('GET', '/v1/orders', { key: without.keys.viewer })).status).toBe(200);
      await without.stop();
    }
    await rm(empty, { recursive: true });
  });

  it('is served without a restart once it is', async () => {
    const later = await mkdtemp(join(tmpdir(), 'holdfast-test-later-'));
    const waiting = await startApi(postgres.url, { consoleDir: later });
    expect((await waiting.call('GET', '/')).status).toBe(503);
    await mkdir(join(later, 'assets'));
    await writeFile(join(later, 'assets', 'a-1.js'), 'built');
    await writeFile(join(later, 'index.html'), 'built');
    expect((await waiting.call('GET', '/')).body).toBe('built');
    expect((await waiting.call('GET', '/assets/a-1.js')).body).toBe('built');
    await waiting.stop();
    await rm(later, { recursive: true });
  });
});

describe('a limit of requests', () => {
  it('does not count the many small files of a page', async () => {
    const limited = await startApi(postgres.url, { consoleDir: folder, rateLimitPerSecond: 3 });
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => limited.call('GET', '/assets/small.svg')),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    await limited.stop();
  });
});
