/** The workflow bundle: made once (1.2 s) and shared by every worker of a process and by all tests. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The payload converter of workflows and activities (workflows/converter.ts). */
export const CONVERTER_PATH = fileURLToPath(new URL(`../workflows/converter.${extension}`, import.meta.url));

/** Bundles workflows/ from source in development and from the compiled files in production. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)),
    payloadConverterPath: CONVERTER_PATH,
    logger: {
      ...console,
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: console.warn,
      error: console.error,
    },
  });
  return bundle;
}
