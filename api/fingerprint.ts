/** A body's fingerprint: SHA-256 of its canonical JSON (keys sorted), as it was sent, before any default is filled in. */
import { createHash } from 'node:crypto';

/** Canonical JSON of a checked value: nesting is bounded by its schema. Written as loops: it runs on every order. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const inner of value) text += text === '' ? canonicalJson(inner) : `,${canonicalJson(inner)}`;
    return `[${text}]`;
  }
  if (!hasFields(value)) return '{}';
  for (const key of Object.keys(value).sort()) {
    const inner = value[key];
    if (inner !== undefined) text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

function hasFields(value: object): value is Readonly<Record<string, unknown>> {
  return !Array.isArray(value);
}

const PLAIN = /^\w+$/;

function quoted(key: string): string {
  return PLAIN.test(key) ? `"${key}"` : JSON.stringify(key);
}

/** The fingerprint of a value, told apart by what it was sent to. */
export function fingerprint(value: unknown, purpose = ''): string {
  return createHash('sha256').update(purpose).update(canonicalJson(value)).digest('base64url');
}
