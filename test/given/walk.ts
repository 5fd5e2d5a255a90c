/**
 * A random walk of one order over the real database and the real activities: drawn tenders and rules, and then steps, messages,
 * lost answers, twins and time in an order that chance decides. Afterwards the world is calm and helps the order to its end.
 * Everything is drawn from the seed, so that a walk can be had again.
 */
import { createActivities } from '../../activities/index.ts';
import { checkLedger } from '../../db/reads/ledgerCheck.ts';
import { dueSteps } from '../../domain/lifecycle.ts';
import { isTerminal } from '../../domain/order.ts';
import { diceOf } from './dice.ts';
import { lifecycleOf, wrongAtEnd, wrongNow } from './walkBooks.ts';
import {
  awaitedMinor,
  closeCase,
  decideRefunds,
  move,
  passTime,
  put,
  receive,
  rowsOf,
  scan,
  sharesOf,
  type Walk,
} from './walkMoves.ts';
import { drawOrder, drawPolicy, givenAccounts, type WalkPlace } from './walkOrder.ts';
import { troubledPool } from './walkPool.ts';
import { outsideOf, worldOf } from './walkWorld.ts';
import { ACTIVITY_OF } from './steps.ts';

/** How a walk ended. */
export interface Walked {
  /** What is wrong; empty when all is well. */
  wrong: string[];
  /** The whole story in words, to read when something is. */
  story: string;
  lifecycle: string;
}

const MOVES_A_WALK = 40;
const ROUNDS_TO_END = 80;
const STEPS_A_ROUND = 60;

/** Walks one order. Throws only when the place is broken; what an activity throws is wrong. */
export async function walkOrder(place: WalkPlace, seed: number): Promise<Walked> {
  const walk = await startWalk(place, seed);
  const wrongRows = (await checkLedger(place.db.pool)).wrong;
  const wrong: string[] = [];
  try {
    for (let count = 0; count < MOVES_A_WALK && wrong.length === 0; count += 1) {
      await (walk.dice.chance(0.55) ? turn(walk) : move(walk));
      wrong.push(...(await wrongNow(walk)));
    }
    if (wrong.length === 0) wrong.push(...(await bringToEnd(walk)), ...(await wrongAtEnd(walk, wrongRows)));
  } catch (cause) {
    wrong.push(cause instanceof Error ? `thrown: ${cause.stack ?? cause.message}` : String(cause));
  }
  const story = [`seed ${seed}`, ...walk.said].join('\n  ');
  return { wrong, story, lifecycle: await lifecycleOf(walk) };
}

async function startWalk(place: WalkPlace, seed: number): Promise<Walk> {
  const dice = diceOf(seed);
  const world = worldOf(dice);
  const policy = await drawPolicy(place, dice);
  const accounts = await givenAccounts(place);
  const { ref, said } = await drawOrder(place, { dice, accounts });
  const activities = createActivities({ pool: troubledPool(place.db.pool, world), ...outsideOf(world) });
  const walk: Walk = {
    ...{ ...place, seed, dice, world, activities, accounts, ref, count: 0 },
    said: [JSON.stringify(policy), said],
  };
  // While a call is on its way, news comes in, and a twin may do what is due, this very step included.
  world.during = async () => {
    walk.said.push('meanwhile {');
    if (dice.chance(0.6)) await move(walk);
    await activities.advance({ orderId: ref.orderId });
    if (dice.chance(0.5)) await turn(walk);
    walk.said.push('}');
  };
  return walk;
}

/** Does one step that is due, as its lane would; false when none is. */
async function turn(walk: Walk): Promise<boolean> {
  const { activities, dice, said } = walk;
  const { orderId } = walk.ref;
  const { view } = await activities.advance({ orderId });
  const due = dueSteps(view, Date.now());
  if (due.length === 0) return false;
  const { kind, shareId, subject } = dice.pick(due);
  said.push(`${kind} ${subject} …`);
  try {
    await activities[ACTIVITY_OF[kind]]({ orderId, shareId, subject });
    said.push(`${kind} ${subject} done`);
  } catch (cause) {
    const code = silenceOf(cause);
    if (!code) throw cause;
    said.push(`${kind} ${subject} ${code}`);
    // Now and then the step is simply tried again.
    if (dice.chance(0.5))
      await activities.recordStall({ orderId, shareId, step: kind, code, detail: 'No answer.' });
  }
  return true;
}

/** The code of a call that got no answer; undefined for anything else. */
function silenceOf(cause: unknown): 'outcome_unknown' | 'provider_unavailable' | undefined {
  const type = cause instanceof Error && 'type' in cause ? cause.type : undefined;
  return type === 'outcome_unknown' || type === 'provider_unavailable' ? type : undefined;
}

/** Helps the order to its end in a calm world. What stays open without an excuse is wrong. */
async function bringToEnd(walk: Walk): Promise<string[]> {
  walk.world.isCalm = true;
  walk.said.push('the world is calm');
  for (let round = 0; round < ROUNDS_TO_END; round += 1) {
    let steps = 0;
    while (await turn(walk)) {
      steps += 1;
      if (steps === STEPS_A_ROUND) return ['steps without end'];
    }
    if (await isOver(walk)) return [];
    await carryOn(walk);
    await help(walk, round);
  }
  return (await isExcused(walk)) ? [] : [`never ends: ${await whereItStands(walk)}`];
}

/** Ended, and nothing is retried or decided any more. */
async function isOver(walk: Walk): Promise<boolean> {
  if (!isTerminal(await lifecycleOf(walk))) return false;
  const open = await rowsOf(
    walk,
    `select 1 from waits where order_id = $1 and ended_at is null and kind in ('retry', 'approval')`,
  );
  return open.length === 0;
}

/** Warehouses pack and carriers deliver. */
async function carryOn(walk: Walk): Promise<void> {
  for (const share of await sharesOf(walk)) {
    if (['submitted', 'accepted', 'picking'].includes(share.state))
      await put(walk, { kind: 'warehouse_report', match: share.id, payload: { report: 'packed' } });
    await scan(walk, share, share.parcel_state === 'booked' ? 'in_transit' : 'delivered');
  }
}

/** Time passes, and people do what is theirs: more of it the longer it takes; in the end somebody cancels. */
async function help(walk: Walk, round: number): Promise<void> {
  const own = ['release', 'decline', 'retry', 'authorization', 'reauthorize'] as const;
  await passTime(walk, round < 20 ? own : undefined);
  // Not in one round with another way to pay: what is being tried again can't be changed.
  if (round % 5 === 2) await put(walk, { kind: 'command.retry', payload: {} });
  if (round % 5 === 3) await decideRefunds(walk);
  if (round % 10 >= 6) await closeCase(walk);
  if (round % 10 === 8) {
    const [order] = await rowsOf<{ payment_paid: boolean }>(
      walk,
      'select payment_paid from orders where id = $1',
    );
    const minor = order?.payment_paid ? 0 : await awaitedMinor(walk);
    if (minor > 0) await receive(walk, minor);
  }
  if (round % 10 === 9)
    await put(walk, { kind: 'command.change_payment', payload: { method: 'card', token: 'good9' } });
  if (round === 60) await put(walk, { kind: 'command.cancel', payload: { reason: 'customer' } });
}

/**
 * The only excuse for an open order: a share that its warehouse rejected, or a parcel that did not arrive. What becomes of such
 * goods is decided by people, outside this walk.
 */
async function isExcused(walk: Walk): Promise<boolean> {
  const lost = ['lost', 'damaged', 'returned_to_sender', 'delivery_failed'];
  return (await sharesOf(walk)).some(
    ({ state, parcel_state: parcel }) => state === 'rejected' || lost.includes(parcel ?? ''),
  );
}

async function whereItStands(walk: Walk): Promise<string> {
  const waits = await rowsOf(
    walk,
    'select kind, subject, then_what from waits where order_id = $1 and ended_at is null',
  );
  const cases = await rowsOf(
    walk,
    'select code, subject from cases where order_id = $1 and resolved_at is null',
  );
  const payments = await rowsOf(
    walk,
    'select id, state, amount_minor, captured_minor from payments where order_id = $1',
  );
  return JSON.stringify({ shares: await sharesOf(walk), waits, cases, payments });
}
