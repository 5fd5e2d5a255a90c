/**
 * How the console speaks to the API: JSON over fetch on the same origin, with the session's cookie. Every refusal is an
 * ApiProblem with the API's own words; a connection that failed is Unreachable. Both are shown, never swallowed.
 */

/** One place of a request that is wrong. */
export interface ProblemError {
  /** JSON pointer into the body, or `?name` for a query parameter. */
  pointer: string;
  detail: string;
}

/** The API's refusal (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly ProblemError[];
  readonly requestId: string | undefined;
  constructor(status: number, body: Record<string, unknown>) {
    const title = textOf(body['title']) ?? `HTTP ${status}`;
    super(title);
    this.status = status;
    this.code = textOf(body['code']) ?? 'internal';
    this.title = title;
    this.detail = textOf(body['detail']);
    this.errors = errorsOf(body['errors']);
    this.requestId = textOf(body['requestId']);
  }
}

/** True for a definite no of the API: nothing happened, and the same request would be refused again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.status < 500;
}

/** The API could not be reached; nothing is known of what became of the request. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function errorsOf(value: unknown): ProblemError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { pointer, detail } = one as { pointer?: unknown; detail?: unknown };
    return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : [];
  });
}

/** What a call sends. */
export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  /** Of this very intention: the same key when it is sent again. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** An answer with its status: 202 means accepted and not finished. */
export interface CallResult<T> {
  status: number;
  body: T;
}

/** Calls the API. `T` is the type that the API's schema gives the answer. Throws ApiProblem or Unreachable. */
export async function callWithStatus<T>(path: string, options: CallOptions = {}): Promise<CallResult<T>> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, idempotencyKey, signal } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable('The connection to Holdfast failed.');
  }
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return { status: response.status, body: answer as T };
  throw new ApiProblem(response.status, isObject(answer) ? answer : {});
}

/** The answer's body alone. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  return (await callWithStatus<T>(path, options)).body;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** A query string of the parameters that are set; empty when none is. */
export function queryOf(
  params: Readonly<Record<string, string | number | boolean | null | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** A key for one intention; `crypto.randomUUID` does not exist on pages served over plain HTTP. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
