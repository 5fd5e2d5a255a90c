/**
 * Has the Temporal SDK download its development server into the folder given as the first argument, as
 * TestWorkflowEnvironment.createLocal does, and stops it again. Ends with code 1 and one line when it cannot.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [, , folder] = process.argv;
if (!folder) {
  console.error('usage: sdkDownload FOLDER');
  process.exit(2);
}
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder }, ui: false },
  });
  await environment.teardown();
  process.exit(0);
} catch (error) {
  console.error((error instanceof Error ? error.message : String(error)).split('\n')[0]);
  process.exit(1);
}
