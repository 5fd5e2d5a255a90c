/**
 * Reads the project's own source: which files there are, what each imports (types apart from values) and what stands
 * in its syntax tree. For tests that hold the code to its rules; it never runs what it reads.
 */
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** The project's folder, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.holdfast']);

/** Paths of all files below the project's folder whose name ends with one of `endings`, with forward slashes, sorted. */
export function filesEndingWith(...endings: string[]): string[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .flatMap((entry) =>
      SKIPPED.has(entry.name) ? [] : entry.isDirectory() ? below(entry.name) : [entry.name],
    )
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .toSorted();
}

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.split('/').some((part) => SKIPPED.has(part)));
}

/** Stands for the specifier of an import that is worked out at run time. */
export const COMPUTED = '(computed)';

/** One import, re-export or dynamic import of a file. */
export interface ImportOf {
  /** As written: `../domain/money.ts`, `zod`, `node:fs`. */
  specifier: string;
  /** For a relative import the path from the project's folder without its ending; else undefined. */
  target?: string;
  /** True when nothing of it is left at run time. */
  typesOnly: boolean;
  line: number;
}

/** A node of the syntax tree (ESTree with TypeScript), read loosely: only the fields that a rule asks for. */
export interface SyntaxNode {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** A parsed file. */
export interface Source {
  path: string;
  text: string;
  imports: ImportOf[];
  /** Top-level statements. */
  body: SyntaxNode[];
  comments: { block: boolean; text: string; start: number; end: number }[];
}

/** Parses a file's text; throws when it is not valid TypeScript. */
export function parseSource(path: string, text: string): Source {
  const { program, module, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  const found = [
    ...module.staticImports.map((one) => ({
      specifier: one.moduleRequest.value,
      start: one.start,
      typesOnly: /^import\s+type\b/.test(text.slice(one.start, one.end)),
    })),
    ...module.staticExports.flatMap((one) => {
      const from = one.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
      const typesOnly = one.entries.every((entry) => entry.isType);
      return from ? [{ specifier: from.value, start: one.start, typesOnly }] : [];
    }),
    ...module.dynamicImports.map((one) => ({
      specifier: literalOf(text.slice(one.moduleRequest.start, one.moduleRequest.end)),
      start: one.start,
      typesOnly: false,
    })),
  ];
  return {
    path,
    text,
    imports: found.map(({ specifier, start, typesOnly }) => ({
      specifier,
      typesOnly,
      line: lineAt(text, start),
      ...(specifier.startsWith('.') && {
        target: posix.join(posix.dirname(path), specifier).replace(/\.(ts|tsx|js|mjs|json)$/, ''),
      }),
    })),
    body: program.body as unknown as SyntaxNode[],
    comments: comments.map((one) => ({
      block: one.type === 'Block',
      text: one.value,
      start: one.start,
      end: one.end,
    })),
  };
}

/** What a dynamic import names; one that is worked out at run time is COMPUTED. */
function literalOf(text: string): string {
  return /^(['"])(.*)\1$/.exec(text)?.[2] ?? COMPUTED;
}

/** The line, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** True for a node of the tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

/** Every node below (and including) the given ones, parents first. */
export function* allNodes(nodes: readonly SyntaxNode[]): Generator<SyntaxNode> {
  for (const node of nodes) {
    yield node;
    for (const field of Object.values(node)) {
      const children: unknown[] = Array.isArray(field) ? field : [field];
      yield* allNodes(children.filter(isNode));
    }
  }
}

/** `Date.now` for a member access of plain names, `process` for a name; undefined for anything else. */
export function dottedName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type !== 'MemberExpression' || node['computed'] === true) return undefined;
  const object = dottedName(node['object']);
  return object && `${object}.${dottedName(node['property'])}`;
}
