/** What the worker logs of the Temporal SDK's lines. */
import { describe, expect, it } from 'vitest';
import { lineOf } from './log.ts';

const databaseError = (code: string, message: string) =>
  Object.assign(new Error(message), { severity: 'ERROR', code, detail: 'Key (email)=(ada@example.com)' });
const failed = (error: Error) =>
  lineOf({ level: 'WARN', message: 'Activity failed', meta: { error, activityType: 'withOrder' } });

describe('a line of the SDK', () => {
  it('says why an activity failed: a lock that was not given in time by its message', () => {
    const line = failed(databaseError('55P03', 'canceling statement due to lock timeout'));
    expect(line).toMatchObject({
      level: 'warn',
      fields: {
        activityType: 'withOrder',
        error: { name: 'Error', code: '55P03', message: 'canceling statement due to lock timeout' },
      },
    });
    expect(failed(new TypeError('no such thing')).fields['error']).toMatchObject({
      ...{ name: 'TypeError', message: 'no such thing' },
    });
  });

  it('quotes nothing of a row', () => {
    const line = failed(databaseError('22P02', 'invalid input syntax: "ada@example.com"'));
    expect(line.fields['error']).toMatchObject({ code: '22P02' });
    expect(JSON.stringify(line)).not.toContain('ada@');
  });

  it('is no warning when a queue has no workflows, as it is meant', () => {
    const line = lineOf({
      level: 'WARN',
      message: 'No workflows registered, not polling for workflow tasks',
    });
    expect(line.level).toBe('debug');
    expect(lineOf({ level: 'INFO', message: 'Worker state changed' }).level).toBe('debug');
    expect(lineOf({ level: 'ERROR', message: 'x' }).level).toBe('error');
  });
});
