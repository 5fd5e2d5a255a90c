/** The contract's document agrees with itself and with what the code takes. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { WAREHOUSE_REPORTS } from '../../domain/fulfillment.ts';

const document = parse(readFileSync(new URL('warehouse.openapi.yaml', import.meta.url), 'utf8')) as {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  webhooks: Record<string, unknown>;
  components: {
    schemas: { Report: { properties: { data: { properties: { report: { enum: string[] } } } } } };
  };
};

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

function at(path: string): unknown {
  return path
    .slice(2)
    .split('/')
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);
}

describe('warehouse.openapi.yaml', () => {
  test('points at nothing that is not there', () => {
    const all = references(document);
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((path) => at(path) === undefined)).toEqual([]);
  });

  test('names every report that Holdfast takes, as a callback of its own', () => {
    expect(document.components.schemas.Report.properties.data.properties.report.enum).toEqual([
      ...WAREHOUSE_REPORTS,
    ]);
    expect(Object.keys(document.webhooks)).toEqual(
      WAREHOUSE_REPORTS.map((report) => `fulfillment.${report}`),
    );
  });

  test('has the three commands and the feed', () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      ['put', 'delete', 'get'].filter((method) => method in item).map((method) => `${method} ${path}`),
    );
    expect(operations).toEqual([
      'put /fulfillments/{id}',
      'delete /fulfillments/{id}',
      'get /fulfillments/{id}',
      'get /v1/locations/{location}/dispatches',
    ]);
  });
});
