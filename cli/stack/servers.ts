/** PostgreSQL and Temporal of the local stack: those the environment names, else our own as processes. */
import { join } from 'node:path';
import { answers, type Ports } from './ports.ts';
import { checkPostgres, startPostgres } from './postgres.ts';
import { StackFailed, type Processes, type Running } from './processes.ts';
import { asStep, type Say } from './say.ts';
import { findTemporal, type TemporalSource } from './temporal.ts';
import { startDevServer } from './temporalServer.ts';
import { machineWays } from './temporalWays.ts';

/** What both servers need. */
export interface ServersPlan {
  dataDir: string;
  processes: Processes;
  /** Every process that was started is added, in order. */
  running: Running[];
  env: NodeJS.ProcessEnv;
  ports: Ports;
  say: Say;
}

/** Where Temporal answers and where people look at it. */
export interface TemporalPlace {
  temporalAddress: string;
  temporalUiUrl: string;
  /** The program that serves it, which is its command line too; null for a cluster. */
  temporalProgram: string | null;
}

/** Brings PostgreSQL up, or checks the given one; returns its URL. */
export async function bringUpPostgres(plan: ServersPlan, password: string): Promise<string> {
  const { dataDir, env, ports, say } = plan;
  const given = env['DATABASE_URL'];
  if (given) {
    await checkPostgres(given);
    say.line(`PostgreSQL: ${new URL(given).host} (DATABASE_URL)`);
    return given;
  }
  return asStep(say, `PostgreSQL on port ${ports.postgres}`, async () => {
    const postgres = await startPostgres(plan.processes, {
      dataDir,
      port: ports.postgres,
      password,
      logFile: logFile(dataDir, 'postgres'),
      env,
      say,
      onStart: (running) => plan.running.push(running),
    });
    return postgres.url;
  });
}

/** Brings a development server up, or checks the given cluster. */
export async function bringUpTemporal(
  plan: ServersPlan,
  wanted: { inMemory: boolean; settings?: readonly string[] | undefined },
): Promise<TemporalPlace> {
  const { dataDir, env, ports, say } = plan;
  const source = await findTemporal(machineWays(env), say);
  if (source.kind === 'cluster') return useCluster(source, env);
  await asStep(say, `Temporal on port ${ports.temporal}`, () =>
    startDevServer(plan.processes, {
      program: source.path,
      ports,
      file: wanted.inMemory ? null : join(dataDir, 'temporal.db'),
      settings: wanted.settings,
      logFile: logFile(dataDir, 'temporal'),
      env,
      cwd: dataDir,
      onStart: (running) => plan.running.push(running),
    }),
  );
  return {
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    temporalUiUrl: `http://127.0.0.1:${ports.temporalUi}`,
    temporalProgram: source.path,
  };
}

async function useCluster(
  source: Extract<TemporalSource, { kind: 'cluster' }>,
  env: NodeJS.ProcessEnv,
): Promise<TemporalPlace> {
  const [host = '', port = '7233'] = source.address.split(':');
  if (!(await answers(Number(port), host)))
    throw new StackFailed(`nothing answers at ${source.address} (TEMPORAL_ADDRESS)`);
  return {
    temporalAddress: source.address,
    temporalUiUrl: env['TEMPORAL_UI_URL'] ?? `http://${host}:8233`,
    temporalProgram: null,
  };
}

function logFile(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}
