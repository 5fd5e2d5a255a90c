/**
 * docker-compose.yml cannot be run where these tests run, so everything about it that can be read is checked: it parses,
 * every path, command, port and name in it exists, dependencies can be met, and no secret stands in it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONFIG_NAMES, readConfig } from '../config.ts';
import { COMPOSE, COMPOSE_TEXT, environmentOf, explainedNames, read } from './compose.ts';
import { allNodes, dottedName, isNode, parseSource, ROOT, type SyntaxNode } from './source.ts';

const services = Object.entries(COMPOSE.services);
const ours = services.filter(([, service]) => service.build !== undefined);

/** What the images of others read; from their documentation. */
const FOREIGN_NAMES: Readonly<Record<string, readonly string[]>> = {
  'postgres:': [
    'POSTGRES_USER',
    'POSTGRES_PASSWORD',
    'HOLDFAST_OWNER_PASSWORD',
    'HOLDFAST_APP_PASSWORD',
    'TEMPORAL_DB_PASSWORD',
  ],
  'temporalio/admin-tools:': ['SQL_PASSWORD', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'],
  'temporalio/server:': [
    'DB',
    'DB_PORT',
    'POSTGRES_SEEDS',
    'POSTGRES_USER',
    'POSTGRES_PWD',
    'BIND_ON_IP',
    'NUM_HISTORY_SHARDS',
    'DYNAMIC_CONFIG_FILE_PATH',
  ],
  'temporalio/ui:': ['TEMPORAL_ADDRESS'],
};

describe('docker-compose.yml', () => {
  it('has the parts of a production-like run', () => {
    expect(services.map(([name]) => name).toSorted()).toEqual([
      'api',
      'migrate',
      'postgres',
      'simulators',
      'temporal',
      'temporal-namespace',
      'temporal-schema',
      'temporal-ui',
      'worker',
    ]);
    expect(services.filter(([, one]) => one.profiles.length > 0).map(([name]) => name)).toEqual([
      'simulators',
    ]);
  });

  it('pins every image, and builds its own from the Dockerfile', () => {
    for (const [, service] of services) expect(service.image).toMatch(/^[a-z/-]+:[\w.]+$/);
    for (const [, service] of services) expect(service.image).not.toMatch(/:latest$/);
    expect(existsSync(join(ROOT, 'Dockerfile'))).toBe(true);
    for (const [, service] of ours) expect(service.build).toBe('.');
  });

  it('mounts only what exists', () => {
    for (const mount of services.flatMap(([, service]) => service.volumes)) {
      const [source = '', target = ''] = mount.split(':');
      expect(target).toMatch(/^\//);
      if (source.startsWith('.')) expect(existsSync(join(ROOT, source)), source).toBe(true);
      else expect(Object.keys(COMPOSE.volumes)).toContain(source);
    }
  });

  it('starts compiled files whose sources exist, and mounted scripts', () => {
    const mounted = services.flatMap(([, service]) => service.volumes.map((mount) => mount.split(':')[1]));
    for (const [name, service] of services) {
      const [program, file = ''] = [...(service.entrypoint ?? []), ...(service.command ?? [])];
      if (program === 'node') {
        const source = file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
        expect(file).toMatch(/^dist\/.+\.js$/);
        expect(existsSync(join(ROOT, source)), `${name} runs ${source}`).toBe(true);
      } else if (program === '/bin/sh') expect(mounted).toContain(file);
      else expect(program, `${name} runs its image's own command`).toBeUndefined();
    }
  });

  it('names only settings that config.ts or the image knows', () => {
    for (const [name, service] of services) {
      const foreign = Object.entries(FOREIGN_NAMES).find(([image]) => service.image.startsWith(image));
      const known = service.build === undefined ? foreign?.[1] : CONFIG_NAMES;
      for (const setting of Object.keys(service.environment))
        expect(known, `${name}: ${setting}`).toContain(setting);
    }
  });

  it('gives every process what it asks config.ts for and has no default', () => {
    for (const [name, service] of ours) {
      const path = String(service.command?.[1])
        .replace(/^dist\//, '')
        .replace(/\.js$/, '.ts');
      const asked = settingsAskedFor(path);
      expect(asked, `${path} asks config.ts for its settings`).not.toEqual([]);
      const missing = asked.filter((one) => !hasDefault(one) && !(one in service.environment));
      expect(missing, `${name} lacks`).toEqual([]);
      const unread = Object.keys(service.environment).filter(
        (one) => one !== 'NODE_ENV' && !asked.includes(one),
      );
      expect(unread, `${name} is given but does not ask for`).toEqual([]);
    }
  });

  it('publishes on the own machine only, and nothing of what is scaled', () => {
    for (const [, service] of services)
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const worker = COMPOSE.services['worker'];
    expect(worker?.ports).toEqual([]);
    expect(worker?.container_name).toBeUndefined();
    const published = services.flatMap(([, service]) => service.ports.map((port) => port.split(':')[1]));
    expect(new Set(published).size).toBe(published.length);
  });

  it('publishes and probes the ports that the processes listen on', () => {
    for (const [name, service] of ours) {
      const listens = Object.entries(service.environment)
        .filter(([setting]) => setting.endsWith('_PORT'))
        .map(([, port]) => port);
      for (const port of service.ports) expect(listens, name).toContain(port.split(':')[2]);
      const probed = /127\.0\.0\.1:(\d+)\//.exec(service.healthcheck?.test.join(' ') ?? '')?.[1];
      if (probed) expect(listens, name).toContain(probed);
    }
    const api = COMPOSE.services['api']?.environment['HOLDFAST_PORT'];
    expect(COMPOSE.services['simulators']?.environment['SIMULATORS_HOLDFAST_URL']).toBe(`http://api:${api}`);
  });

  it('waits only for what can come', () => {
    for (const [name, service] of services)
      for (const [other, { condition }] of Object.entries(service.depends_on)) {
        const awaited = COMPOSE.services[other];
        expect(awaited, `${name} depends on ${other}`).toBeDefined();
        if (condition === 'service_healthy') expect(awaited?.healthcheck, other).toBeDefined();
        else {
          expect(condition).toBe('service_completed_successfully');
          expect(awaited?.restart, `${other} ends by itself`).toMatch(/^on-failure/);
        }
      }
  });

  it('checks the health of everything that stays up and is waited for', () => {
    for (const name of ['postgres', 'temporal', 'api', 'worker'])
      expect(COMPOSE.services[name]?.healthcheck, name).toBeDefined();
  });
});

describe('secrets', () => {
  it('stand nowhere in the file: only references to .env, each of which must be set', () => {
    for (const [name, service] of services)
      for (const [setting, value] of Object.entries(service.environment)) {
        if (!/(KEY|SECRET|PASSWORD|PWD|TOKEN)$/.test(setting) || value === null) continue;
        expect(value, `${name}: ${setting}`).toMatch(/^\$\{[A-Z_]+(:\?[^}]+|-)\}$/);
      }
    for (const [, password] of COMPOSE_TEXT.matchAll(/:\/\/\w+:([^@\s]+)@/g))
      expect(password).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
    expect(COMPOSE_TEXT).not.toMatch(/whsec_\w|sk_(live|test)_\w{8}|hf_live_\w/);
  });

  it('are exactly those that .env.example explains', () => {
    const referred = [...COMPOSE_TEXT.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
    const passedOn = services.flatMap(([, service]) =>
      Object.entries(service.environment).flatMap(([name, value]) => (value === null ? [name] : [])),
    );
    expect([...new Set([...referred, ...passedOn])].toSorted()).toEqual(explainedNames().toSorted());
  });

  it('fill in every value of every service, and nothing starts without them', () => {
    const filled = Object.fromEntries(explainedNames().map((name) => [name, `value-of-${name}`]));
    for (const [, service] of services) {
      const environment = environmentOf(service, filled);
      expect(Object.values(environment).join(' ')).not.toContain('$');
    }
    for (const [name, service] of ours) expect(() => environmentOf(service, {}), name).toThrow('is not set');
  });

  it('are kept out of git and out of the image', () => {
    expect(read('.gitignore').split('\n')).toContain('.env');
    expect(read('.dockerignore').split('\n')).toContain('.env');
  });

  it('have no value in .env.example', () => {
    for (const [, value] of read('.env.example').matchAll(/^[A-Z_]+=(.*)$/gm)) expect(value).toBe('');
  });
});

describe('the Dockerfile', () => {
  const steps = read('Dockerfile');
  it('copies only what exists or was built, and runs as a user without rights', () => {
    for (const [, sources = ''] of steps.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      for (const source of sources.split(' ')) expect(existsSync(join(ROOT, source)), source).toBe(true);
    expect(steps).toMatch(/^USER node$/m);
    expect(steps.lastIndexOf('USER node')).toBeGreaterThan(steps.lastIndexOf('RUN '));
  });
  it('builds with scripts that package.json has', () => {
    const { scripts } = z
      .looseObject({ scripts: z.record(z.string(), z.string()).default({}) })
      .parse(JSON.parse(read('package.json')));
    for (const [, script = ''] of steps.matchAll(/npm run (\S+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });
});

describe('the dynamic configuration of Temporal', () => {
  it('is what performance was measured with, and nothing for a single host', () => {
    const values = z
      .record(z.string(), z.tuple([z.strictObject({ value: z.number() })]))
      .parse(parse(read('deploy/temporal/dynamicconfig.yaml')));
    expect(Object.fromEntries(Object.entries(values).map(([name, [only]]) => [name, only.value]))).toEqual({
      'history.transferProcessorMaxPollRPS': 2000,
      'history.timerProcessorMaxPollRPS': 2000,
      'matching.numTaskqueueReadPartitions': 1,
      'matching.numTaskqueueWritePartitions': 1,
    });
  });
});

/** The names in the first argument of every readConfig([...]) of a file, lists from other files included. */
function settingsAskedFor(path: string): string[] {
  const calls = [...allNodes(parseSource(path, read(path)).body)].filter(
    (node) => node.type === 'CallExpression' && dottedName(node['callee']) === 'readConfig',
  );
  return calls.flatMap((call) => namesIn((call['arguments'] as SyntaxNode[])[0], path));
}

/** The texts of an array literal; names in it stand for arrays of this file or of one that it imports. */
function namesIn(value: unknown, path: string): string[] {
  if (!isNode(value)) return [];
  if (value.type === 'Literal') return [String(value['value'])];
  if (value.type === 'SpreadElement') return namesIn(value['argument'], path);
  if (value.type === 'TSAsExpression' || value.type === 'TSSatisfiesExpression')
    return namesIn(value['expression'], path);
  if (value.type === 'ArrayExpression')
    return (value['elements'] as unknown[]).flatMap((one) => namesIn(one, path));
  const name = dottedName(value);
  for (const file of [path, ...parseSource(path, read(path)).imports.map((one) => `${one.target}.ts`)]) {
    if (!existsSync(join(ROOT, file))) continue;
    const declared = [...allNodes(parseSource(file, read(file)).body)].find(
      (node) => node.type === 'VariableDeclarator' && dottedName(node['id']) === name,
    );
    if (declared) return namesIn(declared['init'], file);
  }
  throw new RangeError(`${path}: cannot tell what ${name} holds`);
}

function hasDefault(name: string): boolean {
  const known = CONFIG_NAMES.find((one) => one === name);
  if (known === undefined) throw new RangeError(`config.ts knows no ${name}`);
  try {
    readConfig([known as Parameters<typeof readConfig>[0][number]], {});
    return true;
  } catch {
    return false;
  }
}
