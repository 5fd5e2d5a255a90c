/** Holds the documents to the code: what they name exists, what exists is documented, and every link leads somewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Services } from '../api/deps.ts';
import { createRoutes } from '../api/routes/index.ts';
import { CONFIG_NAMES, readConfig } from '../config.ts';
import { FAILURES } from '../domain/failures.ts';
import { ATTENTIONS } from '../domain/order.ts';
import { PEOPLE_SIGNALS } from '../workflows/contract.ts';
import { filesEndingWith, ROOT } from './source.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const documents = filesEndingWith('.md').map((path) => ({ path, text: read(path) }));
const about = (path: string) => documents.find((one) => one.path === path)?.text ?? '';

const { scripts } = z
  .looseObject({ scripts: z.record(z.string(), z.string()).default({}) })
  .parse(JSON.parse(read('package.json')));

/** The cells of every table row whose first cell is a name in backquotes. */
function namedRows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /^\| *`/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The anchor that a heading gets where the documents are read. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[`*]/g, '')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading.trim()));
}

describe('the documents', () => {
  it('are there', () => {
    const expected = ['README', 'CONTRIBUTING', 'SECURITY', 'CHANGELOG'].map((name) => `${name}.md`);
    const pages = ['concepts', 'operate', 'integrate', 'extend', 'errors'].map((name) => `docs/${name}.md`);
    expect(documents.map((one) => one.path)).toEqual(expect.arrayContaining([...expected, ...pages]));
  });

  it.each(documents)('$path: every link inside the project leads somewhere', ({ path, text }) => {
    const prose = text.replace(/^```[\s\S]*?^```/gm, '');
    for (const [, link = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : posix.join(dirname(path), file);
      expect(existsSync(join(ROOT, target)), `${path} links to ${link}`).toBe(true);
      if (anchor !== undefined && target.endsWith('.md'))
        expect(anchorsOf(read(target)), `${path} links to ${link}`).toContain(anchor);
    }
  });

  it.each(documents)('$path: every npm script it names exists', ({ path, text }) => {
    for (const [, script = ''] of text.matchAll(/npm run ([a-z][\w:-]*)/g))
      expect(Object.keys(scripts), `${path} names npm run ${script}`).toContain(script);
    if (/npm start/.test(text)) expect(scripts).toHaveProperty('start');
    if (/npm test/.test(text)) expect(scripts).toHaveProperty('test');
  });

  it.each(documents)('$path: every file it names in backquotes exists', ({ path, text }) => {
    const prose = text.replace(/^```[\s\S]*?^```/gm, '');
    const folders =
      'activities|api|cli|db|deploy|docs|domain|providers|scripts|simulators|test|worker|workflows';
    for (const [, file = ''] of prose.matchAll(new RegExp(`\`((?:${folders})/[\\w./-]*)\``, 'g')))
      expect(existsSync(join(ROOT, file)), `${path} names ${file}`).toBe(true);
  });
});

describe('no file', () => {
  const everything = filesEndingWith(
    '.ts',
    '.md',
    '.yml',
    '.yaml',
    '.json',
    '.sh',
    '.mjs',
    '.mts',
    'Dockerfile',
    '.example',
  );
  it('names a folder of the machine it was written on', () => {
    // Put together here, so that this file does not find itself.
    const folders = [
      '/work' + '/',
      '/root' + '/',
      '/tmp' + '/hf',
      '/home' + '/(?!ada)[a-z]',
      'C:' + '\\\\Users',
      '\\.\\./shared' + '/',
    ];
    const machine = new RegExp(folders.join('|'));
    const found = everything
      .filter((path) => path !== 'package-lock.json')
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, index) =>
            machine.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 200)}`] : [],
          ),
      );
    expect(found).toEqual([]);
  });
});

/** Stands for the services of an API whose routes are only listed, never called. */
const noServices: Services = new Proxy(Object.create(null), { get: () => noServices });
const routes = createRoutes(noServices).map((route) => ({
  method: route.method.toUpperCase(),
  path: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

describe('the API that the documents show', () => {
  it.each(documents)('$path: every address it names exists, by that method', ({ path, text }) => {
    for (const [, method, address = ''] of text.matchAll(
      /(?:\b(GET|POST|PUT|DELETE) )?(\/v1\/[\w{}…/-]+)/g,
    )) {
      const fitting = routes.filter((route) => route.path.test(address.replace(/\/$/, '')));
      expect(fitting, `${path} names ${address}`).not.toEqual([]);
      if (method)
        expect(
          fitting.map((route) => route.method),
          `${path} names ${method} ${address}`,
        ).toContain(method);
    }
  });
});

describe('docs/errors.md', () => {
  const rows = namedRows(about('docs/errors.md'));
  it('explains every failure code once, with its status and whether to try again', () => {
    const told = rows.map(([code = '', status, again]) => [code.replaceAll('`', ''), status, again]);
    const known = Object.entries(FAILURES).map(([code, { status, retryable }]) => [
      code,
      String(status),
      retryable ? 'yes' : 'no',
    ]);
    const byCode = ([a]: (string | undefined)[], [b]: (string | undefined)[]) =>
      (a ?? '').localeCompare(b ?? '');
    expect(told.toSorted(byCode)).toEqual(known.toSorted(byCode));
  });
  it('says what each means and what to do', () => {
    for (const [code, , , meaning, toDo] of rows) {
      expect(meaning, code).toBe(FAILURES[code?.replaceAll('`', '') as keyof typeof FAILURES].title);
      expect(toDo?.length, code).toBeGreaterThan(10);
    }
  });
});

describe('docs/operate.md', () => {
  const text = about('docs/operate.md');
  it('lists every setting of config.ts with its default, and no other', () => {
    const rows = namedRows(
      text.slice(text.indexOf('## Settings'), text.indexOf('## ', text.indexOf('## Settings') + 3)),
    );
    const told = Object.fromEntries(
      rows.map(([name = '', fallback]) => [name.replaceAll('`', ''), fallback]),
    );
    expect(Object.keys(told).toSorted()).toEqual(CONFIG_NAMES.toSorted());
    for (const name of CONFIG_NAMES) expect(told[name], name).toBe(defaultOf(name));
  });
  it('says what to do for each attention', () => {
    const anchors = anchorsOf(text);
    for (const attention of ATTENTIONS) expect(anchors).toContain(attention);
  });
});

describe('README.md', () => {
  const text = about('README.md');
  it('shows the two commands and how to send the signals that people may send', () => {
    expect(text).toContain('npm start');
    expect(text).toContain('npm test');
    for (const signal of Object.keys(PEOPLE_SIGNALS)) expect(text).toContain(signal);
    expect(text).toContain('signal-with-start');
  });
});

/** The default as the table shows it: in backquotes, a dash for none, "required" when there must be a value. */
function defaultOf(name: string): string {
  try {
    const key = name as Parameters<typeof readConfig>[0][number];
    const value = readConfig([key], {})[key];
    return value === undefined || value === '' ? '–' : `\`${value}\``;
  } catch {
    return 'required';
  }
}
