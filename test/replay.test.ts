/**
 * Recorded histories of every story are replayed by the present code: a change that would make a running order's task
 * fail goes red here. `npm run record` records them anew (test/histories/README.md says when).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Runtime, DefaultLogger, Worker } from '@temporalio/worker';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONVERTER_PATH, workflowBundle } from '../worker/bundle.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

function history(name: string) {
  return historyFromJSON(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')));
}

describe('recorded histories', () => {
  it('exist for every branch of the story', () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each(names)('%s replays', async (name) => {
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history(name), 'order/1');
  });

  it('go red when two steps change places', async () => {
    const steps = fileURLToPath(new URL('../workflows/steps/index.ts', import.meta.url));
    const mutant = fileURLToPath(new URL('./mutants/steps.ts', import.meta.url));
    const bundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
      payloadConverterPath: CONVERTER_PATH,
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, alias: Object.assign({}, config.resolve?.alias, { [steps]: mutant }) },
      }),
    });
    const delivered = names.find((name) => name.startsWith('delivered'));
    expect(delivered).toBeDefined();
    await expect(
      Worker.runReplayHistory({ workflowBundle: bundle }, history(delivered ?? ''), 'order/1'),
    ).rejects.toThrow(/nondeterminism|deterministic/i);
  });
});
