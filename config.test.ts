/** The configuration: checked at once, by the part that a process asks for. */
import { describe, expect, it } from 'vitest';
import { CONFIG_NAMES, ConfigError, readConfig } from './config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function problemsOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('readConfig', () => {
  it('gives what was asked for, with defaults, and cannot be changed', () => {
    const config = readConfig(['HOLDFAST_PORT', 'HOLDFAST_MASTER_KEY', 'TEMPORAL_API_KEY'], {
      HOLDFAST_PORT: '8080',
      HOLDFAST_MASTER_KEY: KEY,
    });
    expect(config).toEqual({ HOLDFAST_PORT: 8080, HOLDFAST_MASTER_KEY: KEY });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names everything that is wrong at once, and nothing that was not asked for', () => {
    const env = {
      DATABASE_URL: 'mysql://x',
      HOLDFAST_PORT: '70000',
      TEMPORAL_TLS: 'yes',
      STRIPE_BASE_URL: '?',
    };
    const problems = problemsOf(() =>
      readConfig(['DATABASE_URL', 'HOLDFAST_PORT', 'TEMPORAL_TLS', 'HOLDFAST_MASTER_KEY'], env),
    );
    for (const name of ['DATABASE_URL', 'HOLDFAST_PORT', 'TEMPORAL_TLS', 'HOLDFAST_MASTER_KEY'])
      expect(problems).toContain(name);
    expect(problems).not.toContain('STRIPE_BASE_URL');
  });

  it('says no secret when it complains', () => {
    const env = { DATABASE_URL: 'hunter2', HOLDFAST_MASTER_KEY: 'hunter2' };
    expect(problemsOf(() => readConfig(['DATABASE_URL', 'HOLDFAST_MASTER_KEY'], env))).not.toContain(
      'hunter2',
    );
  });

  it.each(['', 'c2hvcnQ=', `${KEY}AAAA`, 'not base64 at all, but of the right length!!!'])(
    'refuses a master key that is not 32 bytes in base64: %j',
    (key) => {
      expect(problemsOf(() => readConfig(['HOLDFAST_MASTER_KEY'], { HOLDFAST_MASTER_KEY: key }))).toContain(
        'HOLDFAST_MASTER_KEY',
      );
    },
  );

  it('refuses simulator keys and empty webhook secrets in production', () => {
    const names = [
      'STRIPE_API_KEY',
      'STRIPE_WEBHOOK_SECRET',
      'EASYPOST_API_KEY',
      'WAREHOUSE_WEBHOOK_SECRET',
    ] as const;
    const problems = problemsOf(() => readConfig(names, { NODE_ENV: 'production' }));
    for (const name of names) expect(problems).toContain(name);
    expect(problemsOf(() => readConfig(names, {}))).toBe('');
    const real = { STRIPE_API_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'a', EASYPOST_API_KEY: 'EZTK1' };
    expect(
      problemsOf(() => readConfig(names, { NODE_ENV: 'production', ...real, WAREHOUSE_WEBHOOK_SECRET: 'b' })),
    ).toBe('');
  });

  it('knows its names', () => {
    expect(new Set(CONFIG_NAMES).size).toBe(CONFIG_NAMES.length);
    for (const name of CONFIG_NAMES) expect(name).toMatch(/^[A-Z][A-Z_]+$/);
  });
});
