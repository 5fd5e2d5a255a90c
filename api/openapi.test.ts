/** The document says what the routes do: every route, every status, and only closed schemas for what comes in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURES } from '../domain/failures.ts';
import { startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { problemsOf } from './openapi.ts';

let postgres: TestPostgres;
let api: TestApi;

interface Document {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
        security?: unknown[];
      }
    >
  >;
  components: { schemas: Record<string, { additionalProperties?: unknown }> };
}
let document: Document;

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url);
  document = (await api.call('GET', '/openapi.json')).body;
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and lists every route with all its statuses', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const route of api.api.routes) {
      const operation = document.paths[route.path]?.[route.method];
      const expected = new Set([
        ...Object.keys(route.answers),
        ...problemsOf(route).map((code) => String(FAILURES[code].status)),
      ]);
      expect([route.path, Object.keys(operation?.responses ?? {}).toSorted()]).toEqual([
        route.path,
        [...expected].toSorted(),
      ]);
    }
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations).toHaveLength(api.api.routes.length);
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length);
  });

  it('says what an answer comes as, when it is not JSON alone', () => {
    const types = (path: string) =>
      Object.keys(document.paths[path]?.['get']?.responses['200']?.content ?? {});
    expect(types('/v1/orders')).toEqual(['application/json']);
    expect(types('/v1/stream')).toEqual(['text/event-stream']);
    expect(types('/v1/reports/{report}')).toEqual(['application/json', 'text/csv']);
    const events = document.paths['/v1/stream']?.['get']?.responses['200']?.content?.['text/event-stream'];
    expect(events?.schema).toEqual({ $ref: '#/components/schemas/ChangeNote' });
    const csv = document.paths['/v1/reports/{report}']?.['get']?.responses['200']?.content?.['text/csv'];
    expect(csv?.schema).toEqual({ type: 'string' });
  });

  it('takes no unknown field in what comes in', () => {
    for (const name of [
      'NewOrder',
      'NewLine',
      'Address',
      'Party',
      'Money',
      'CancelOrder',
      'ItemInput',
      'ChannelInput',
    ])
      expect([name, document.components.schemas[name]?.additionalProperties]).toEqual([name, false]);
  });
});

describe('/docs', () => {
  it('works offline: every script and style comes from here, nothing is inline', async () => {
    const page = await api.call('GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = String(page.body);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(addresses.length).toBeGreaterThan(2);
    expect(addresses.every((address) => address.startsWith('/docs/'))).toBe(true);
    expect(html).not.toMatch(/<script>|<style|onload=/);
    for (const address of addresses) expect((await api.call('GET', address)).status).toBe(200);
    const on = { 'if-match': '"no such version"' };
    expect((await api.call('GET', addresses[0] ?? '', { headers: on })).status).toBe(404);
  });
});

describe('/metrics', () => {
  it('counts requests, orders and what waits', async () => {
    const { metricsApp } = api.api;
    const server = metricsApp.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    server.close();
    expect(text).toContain('# TYPE holdfast_http_request_seconds histogram');
    expect(text).toContain('holdfast_backlog_rows{kind="outbox_start"} 0');
    expect(text).toContain('holdfast_backlog_rows{kind="report_deltas"} 0');
    expect((await api.call('GET', '/metrics')).status).toBe(404);
  });
});
