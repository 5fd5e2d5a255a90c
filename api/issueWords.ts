/** What a schema finds wrong, in words for people: forms show them beside their fields, and clients log them. */
import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

const FORMATS: Readonly<Record<string, string>> = {
  date: 'is not a date, such as 2026-03-14',
  datetime: 'is not an instant with its offset, such as 2026-03-14T09:26:53Z',
  email: 'is not an e-mail address',
  url: 'is not a web address',
};

/** The words for an issue; undefined leaves it to the schema library. A schema's own message goes before them. */
export function issueWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return KINDS[issue.expected] && `must be ${KINDS[issue.expected]}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return `at most ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_value':
      return `is not one of the choices: ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return FORMATS[issue.format];
    case 'invalid_key':
    case 'invalid_element':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'custom':
      return undefined;
  }
}

function tooSmall({ origin, minimum }: { origin: string; minimum: number | bigint }): string {
  if (UNITS[origin] && Number(minimum) === 1) return 'must not be empty';
  return `at least ${amount(origin, minimum)}`;
}

function amount(origin: string, bound: number | bigint): string {
  const units = UNITS[origin];
  const count = bound.toLocaleString('en-US');
  return units ? `${count} ${Number(bound) === 1 ? units[0] : units[1]}` : count;
}
