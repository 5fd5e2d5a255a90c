/**
 * Every refusal of the API as one kind of exception, and its form on the wire (RFC 9457). Status and title come from
 * domain/failures.ts; nothing of the request's content is repeated beyond what helps to mend it.
 */
import { FAILURES, type FailureCode } from '../domain/failures.ts';
import type { Problem } from './schemas/problem.ts';

/** One place that is wrong. */
export interface ProblemError {
  pointer: string;
  detail: string;
}

/** What a problem may say beyond its code. `extra` are members of its own (allowedActions, orderId). */
export interface ProblemParts {
  detail?: string | undefined;
  errors?: readonly ProblemError[] | undefined;
  extra?: Readonly<Record<string, unknown>> | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** Most places that one answer lists; more only make the answer long. */
const ERRORS_MAX = 100;

/** A request is refused with a stable code. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: FailureCode;
  readonly parts: ProblemParts;
  constructor(code: FailureCode, parts: ProblemParts = {}) {
    super(parts.detail ?? FAILURES[code].title);
    this.code = code;
    this.parts = parts;
  }
}

/** The body of a problem document. */
export function problemBody(
  code: FailureCode,
  parts: ProblemParts,
  request?: { id: string; path: string },
): Problem {
  const { status, title } = FAILURES[code];
  const errors = parts.errors?.slice(0, ERRORS_MAX).map(({ pointer, detail }) => ({ pointer, detail }));
  return {
    type: `urn:holdfast:problem:${code}`,
    title,
    status,
    ...(parts.detail !== undefined && { detail: parts.detail }),
    ...(request && { instance: request.path }),
    code,
    ...(errors && { errors }),
    ...parts.extra,
    ...(request && { requestId: request.id }),
  };
}

/** True when a stored or foreign text is one of our codes. */
export function isFailureCode(code: string | undefined): code is FailureCode {
  return code !== undefined && Object.hasOwn(FAILURES, code);
}

/** SQLSTATE classes that mean "not now": connection, resources, operator, locks and timeouts. */
const NOT_NOW = /^(08|53|57|55P03|40001|40P01)/;

/** The code for an unexpected exception: a database that can't be reached or is busy is 503, all else is ours. */
export function codeOfUnexpected(error: unknown): 'unavailable' | 'internal' {
  if (!(error instanceof Error)) return 'internal';
  const state = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NOT_NOW.test(state)) return 'unavailable';
  if (/^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|EAI_)/.test(state)) return 'unavailable';
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
    error.message,
  )
    ? 'unavailable'
    : 'internal';
}
