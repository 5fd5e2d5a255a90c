/**
 * docker-compose.yml as data: its services, what each runs, and the environment it gives to each once .env is filled in.
 * What cannot be checked without a Docker engine is left to it; everything here is read from the file.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ROOT } from './source.ts';

const Service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  restart: z.string(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  container_name: z.string().optional(),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
});

/** One service of the file. */
export type ComposeService = z.infer<typeof Service>;

/** The text of a file of the project. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The file as it is written. */
export const COMPOSE_TEXT = read('docker-compose.yml');

/** The file, parsed; throws when it has not the form that these tests understand. */
export const COMPOSE = Compose.parse(parse(COMPOSE_TEXT, { merge: true }));

/** The service of this name. */
export function composeService(name: string): ComposeService {
  const service = COMPOSE.services[name];
  if (!service) throw new RangeError(`docker-compose.yml has no service ${name}`);
  return service;
}

/** The names that .env.example explains; those behind a # need not be set. */
export function explainedNames(): string[] {
  return [...read('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);
}

/** What Docker Compose would put into the container's environment. Throws when a value that must be set is not. */
export function environmentOf(
  service: ComposeService,
  dotenv: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment).flatMap(([name, value]) => {
      // A name without a value is passed on when it is set and left out when not.
      if (value === null) return dotenv[name] === undefined ? [] : [[name, dotenv[name]]];
      return [
        [
          name,
          value.replace(/\$\{([A-Z_]+)(:\?[^}]*|-)?\}/g, (_, key: string, rule: string | undefined) =>
            filledIn(dotenv, key, rule),
          ),
        ],
      ];
    }),
  );
}

function filledIn(dotenv: Readonly<Record<string, string>>, key: string, rule: string | undefined): string {
  const value = dotenv[key] ?? '';
  if (value === '' && rule !== '-') throw new RangeError(`${key} is not set`);
  return value;
}
