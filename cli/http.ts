/**
 * The command line's way to the API: JSON over HTTP with a key, every answer either the expected one or an ApiProblem
 * (RFC 9457) that says in words what was wrong.
 */
import { randomUUID } from 'node:crypto';

/** What the API answers when it refuses: RFC 9457, with our code, the errors by field and the request's id. */
export interface Problem {
  title: string;
  status: number;
  detail?: string;
  code?: string;
  errors?: { pointer?: string; detail: string }[];
  requestId?: string;
  allowedActions?: { action: string; enabled: boolean; reasonIfDisabled?: string | null }[];
}

/** The API refused. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.problem = problem;
  }
}

/** The API was not reached, or something that is not the API answered. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

/** A request beyond path and body. */
export interface Sending {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** Left out on a POST: a fresh one, so that a retry of the same call by the client is harmless. */
  idempotencyKey?: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  signal?: AbortSignal;
}

/** A page of a list. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
  hasMore: boolean;
}

/** An answer with what the caller may need beside the body. */
export interface Answer<T> {
  status: number;
  body: T;
  location: string | undefined;
}

/** A connection to one API with one key. */
export interface Api {
  readonly url: string;
  /** Sends and returns the answer's body. Throws ApiProblem and ApiUnreachable. */
  call<T>(path: string, sending?: Sending): Promise<T>;
  /** As `call`, with status and Location. */
  answer<T>(path: string, sending?: Sending): Promise<Answer<T>>;
  /** All rows of a list, page by page, at most `max`. */
  pages<T>(path: string, query: Sending['query'], max: number): AsyncGenerator<T>;
}

const TIMEOUT_MILLIS = 30_000;
const PAGE_MAX = 100;

/** Opens a connection; nothing is sent before the first call. */
export function openApi(options: { url: string; key: string | undefined }): Api {
  const url = options.url.replace(/\/+$/, '');
  const answer = <T>(path: string, sending: Sending = {}) =>
    send<T>({ url, key: options.key }, path, sending);
  const call = async <T>(path: string, sending?: Sending) => (await answer<T>(path, sending)).body;
  return {
    url,
    answer,
    call,
    async *pages<T>(path: string, query: Sending['query'], max: number) {
      let cursor: string | undefined;
      for (let left = max; left > 0;) {
        const limit = Math.min(left, PAGE_MAX);
        const page: Page<T> = await call<Page<T>>(path, { query: { ...query, limit, cursor } });
        yield* page.data;
        left -= page.data.length;
        if (!page.hasMore || page.nextCursor === null || page.data.length === 0) return;
        cursor = page.nextCursor;
      }
    },
  };
}

async function send<T>(
  to: { url: string; key: string | undefined },
  path: string,
  sending: Sending,
): Promise<Answer<T>> {
  const method = sending.method ?? (sending.body === undefined ? 'GET' : 'POST');
  const headers: Record<string, string> = { accept: 'application/json' };
  if (to.key) headers['authorization'] = `Bearer ${to.key}`;
  if (method === 'POST') headers['idempotency-key'] = sending.idempotencyKey ?? randomUUID();
  if (sending.body !== undefined) headers['content-type'] = 'application/json';
  const timeout = AbortSignal.timeout(TIMEOUT_MILLIS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(address(to.url, path, sending.query), {
      method,
      headers,
      redirect: 'error',
      signal: sending.signal ? AbortSignal.any([sending.signal, timeout]) : timeout,
      ...(sending.body === undefined ? {} : { body: JSON.stringify(sending.body) }),
    });
    text = await response.text();
  } catch (error) {
    throw new ApiUnreachable(`${to.url} does not answer: ${reasonOf(error)}`, { cause: error });
  }
  const body = parse(text, response, to.url);
  if (!response.ok) throw new ApiProblem(problemOf(body, response));
  return {
    status: response.status,
    body: body as T,
    location: response.headers.get('location') ?? undefined,
  };
}

function address(url: string, path: string, query: Sending['query']): URL {
  const target = new URL(`${url}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') target.searchParams.set(name, String(value));
  }
  return target;
}

function parse(text: string, response: Response, url: string): unknown {
  if (text === '') return undefined;
  // A report as CSV is the only answer that is not JSON.
  if (response.ok && response.headers.get('content-type')?.startsWith('text/csv')) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiUnreachable(
      `what answers at ${url} (status ${response.status}, ${response.headers.get('content-type') ?? 'no content type'}) is not the Holdfast API`,
    );
  }
}

function problemOf(body: unknown, response: Response): Problem {
  const given = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  return { ...given, title: given.title ?? response.statusText, status: response.status };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MILLIS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}
