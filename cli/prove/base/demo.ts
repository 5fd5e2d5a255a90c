/** The demo of `npm start -- --demo 200`: every order ends or waits for a person with a reason. */
import { openApi } from '../../http.ts';
import { runDemo } from '../../stack/demoRun.ts';
import { saySilently } from '../../stack/say.ts';
import { countOrderWorkflows } from '../../stackWorkflows.ts';
import type { Figures } from '../figures.ts';
import type { Stage } from '../stage.ts';

const ORDERS = 200;

/** Places them and follows them. */
export async function proveDemo(stage: Stage, figures: Figures): Promise<void> {
  const result = await runDemo({
    api: openApi({ url: stage.shop.url, key: stage.shop.apiKey }),
    count: ORDERS,
    seed: 42,
    tag: 'proof',
    say: saySilently(),
    signal: AbortSignal.timeout(600_000),
  });
  figures.equal('demo orders accepted', result.placed, ORDERS);
  figures.equal('demo orders settled', result.settled, ORDERS);
  for (const [kind, words] of result.table)
    figures.note(`${kind}: ${[...words].map(([word, count]) => `${count} ${word}`).join(', ')}`);
  const workflows = await countOrderWorkflows(stage.stack.temporalAddress);
  figures.equal('workflows that failed', workflows.failed, 0);
}
