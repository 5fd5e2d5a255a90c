/** The worker of the stub workflow: a process of its own, as Holdfast's worker is. */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

/** The task queue of the stub. */
export const STUB_QUEUE = 'bench-stub';

function createStubActivities(client: Client) {
  return {
    async nothing(): Promise<void> {},
    /** Does nothing, and afterwards rings so often, as the outside systems' callbacks do. */
    async call(input: { workflowId: string; signals: number }): Promise<void> {
      setImmediate(() => void ring(client, input).catch(() => undefined));
    },
  };
}

async function ring(
  client: Client,
  { workflowId, signals }: { workflowId: string; signals: number },
): Promise<void> {
  for (let sent = 0; sent < signals; sent += 1) await client.workflow.getHandle(workflowId).signal('ring');
}

export type StubActivities = ReturnType<typeof createStubActivities>;

async function main(address: string): Promise<void> {
  const client = new Client({ connection: await Connection.connect({ address }) });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: STUB_QUEUE,
    workflowsPath: fileURLToPath(new URL('./stub.workflow.ts', import.meta.url)),
    activities: createStubActivities(client),
  });
  process.once('SIGTERM', () => worker.shutdown());
  const running = worker.run();
  process.stdout.write('ready\n');
  await running;
}

const [address] = process.argv.slice(2);
if (address && process.argv[1] === fileURLToPath(import.meta.url)) await main(address);
