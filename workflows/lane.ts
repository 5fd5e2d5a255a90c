/**
 * The lane of one order: its message handlers, its view, and its due steps running side by side. Handlers only note;
 * the main line in order.ts acts. Everything it must remember is in PostgreSQL, so a lane may be lost at any point.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  type CancellationScope,
  workflowInfo,
  defineQuery,
  defineSignal,
  defineUpdate,
  condition,
  setDefaultSignalHandler,
  setHandler,
  sleep,
  uuid4,
} from '@temporalio/workflow';
import type { FailureCode } from '../domain/failures.ts';
import { dueInLane, dueSteps, type OrderView, type Step } from '../domain/lifecycle.ts';
import { nearestWait } from '../domain/waits.ts';
import { hasMoneyWork } from '../domain/moneySteps.ts';
import { isTerminal } from '../domain/order.ts';
import type { AdvanceInput } from '../activities/order.ts';
import {
  COMMAND_UPDATE,
  PEOPLE_SIGNALS,
  RING_SIGNAL,
  VIEW_QUERY,
  type CommandInput,
  type CommandOutcome,
} from './contract.ts';
import { database, OUTSIDE } from './proxies.ts';
import { STEPS } from './steps/index.ts';
import { DeadlineTimer } from './timer.ts';
import { Visibility } from './visibility.ts';

/** Commands somebody waits for at the same time; more are answered by their row. */
const ASKED_MAX = 100;

/** See the head of the file. */
export class Lane {
  private readonly orderId: string;
  private view: OrderView | undefined;
  private dirty = true;
  private moved = false;
  private signals: NonNullable<AdvanceInput['signals']> = [];
  private readonly asked = new Set<string>();
  private readonly answers = new Map<string, CommandOutcome>();
  private readonly running = new Map<string, Promise<void>>();
  private readonly timer = new DeadlineTimer();
  private readonly visibility = new Visibility();

  /** Registers all handlers; must run before the workflow's first await. */
  constructor(orderId: string) {
    this.orderId = orderId;
    setHandler(defineSignal(RING_SIGNAL), () => this.ring(), {
      description: 'News in the inbox of this order',
    });
    for (const name of Object.keys(PEOPLE_SIGNALS)) {
      setHandler(defineSignal<[unknown]>(name), (body) => this.noteSignal(name, body), {
        description: 'Sent by support; JSON body {"reason", "note", "commandId"}',
      });
    }
    setDefaultSignalHandler((name, ...args) => this.noteSignal(name, args[0]));
    setHandler(defineQuery<OrderView | null>(VIEW_QUERY), () => this.view ?? null, {
      description: 'The order as its workflow sees it',
    });
    setHandler(defineUpdate<CommandOutcome, [CommandInput]>(COMMAND_UPDATE), (input) => this.answer(input), {
      description: 'Answers a command that is in the inbox',
      validator: (input: CommandInput) => this.validate(input),
    });
  }

  /**
   * An operator who presses Cancel in Temporal Web gets the same path as the cancelOrder signal: it is noted as a
   * command and answered by the order's state.
   */
  watchForCancel(scope: CancellationScope): void {
    void scope.cancelRequested.catch(() =>
      this.noteSignal('cancelOrder', {
        reason: 'staff',
        note: 'cancelled in Temporal Web',
        commandId: `cancel-${workflowInfo().runId}`,
      }),
    );
  }

  /** News for the main line: something was said, a deadline has come, or a step is done. */
  hasNews(): boolean {
    return this.dirty || this.timer.fired || this.moved;
  }

  /** The order has ended, no step is under way, and no money of it is awaited or to be moved. */
  isOver(): boolean {
    const { view } = this;
    if (view === undefined || !isTerminal(view.lifecycle) || this.running.size > 0) return false;
    return view.waits.length === 0 && !hasMoneyWork(view);
  }

  /** No step is under way. */
  isIdle(): boolean {
    return this.running.size === 0;
  }

  /** Where the order stands. */
  get lifecycle(): string {
    return this.view?.lifecycle ?? 'received';
  }

  /** Takes the inbox and the deadlines into account, when there is any reason to. One local activity. */
  async takeNews(): Promise<void> {
    this.moved = false;
    if (!this.dirty && !this.timer.fired) return;
    this.dirty = false;
    this.timer.fired = false;
    const signals = this.signals;
    this.signals = [];
    const asked = [...this.asked];
    const { view, answers } = await database.advance({
      orderId: this.orderId,
      ...(signals.length > 0 && { signals }),
      ...(asked.length > 0 && { asked }),
    });
    for (const { commandId, applied, code, detail } of answers) {
      this.asked.delete(commandId);
      this.answers.set(commandId, {
        applied,
        ...(code && { code: code as FailureCode }),
        ...(detail && { detail }),
      });
    }
    // The command is in no inbox row of this order: there is nothing to wait for.
    for (const commandId of asked.filter((id) => this.asked.delete(id))) {
      this.answers.set(commandId, { applied: false, code: 'not_found' });
    }
    this.see(view);
  }

  /** Starts every due step that is not under way, one a lane at a time. */
  startDueSteps(): void {
    if (!this.view) return;
    for (const step of dueSteps(this.view, Date.now())) {
      if (this.running.has(step.shareId)) continue;
      this.running.set(step.shareId, this.runLane(step.shareId));
    }
  }

  /** Arms the timer and keeps Temporal Web true. */
  show(): void {
    if (!this.view) return;
    this.visibility.show(this.view);
    const next = nearestWait(this.view);
    if (next) this.timer.arm(next);
  }

  /** A newer view wins: two steps may end in either order. */
  private see(view: OrderView): void {
    if (!this.view || view.version >= this.view.version) this.view = view;
  }

  private ring(): void {
    this.dirty = true;
  }

  private noteSignal(name: string, body: unknown): void {
    const given =
      typeof body === 'object' && body !== null && 'commandId' in body ? body.commandId : undefined;
    this.signals.push({
      id: typeof given === 'string' && given !== '' ? given : uuid4(),
      name,
      body: body ?? null,
    });
    this.dirty = true;
  }

  private validate(input: CommandInput): void {
    if (typeof input?.commandId !== 'string')
      throw ApplicationFailure.nonRetryable('commandId is missing', 'invalid');
    if (this.asked.size >= ASKED_MAX)
      throw ApplicationFailure.nonRetryable('too many commands at once; ask the command row', 'rate_limited');
  }

  private async answer(input: CommandInput): Promise<CommandOutcome> {
    this.asked.add(input.commandId);
    this.dirty = true;
    await condition(() => this.answers.has(input.commandId));
    return this.answers.get(input.commandId) ?? { applied: false };
  }

  /** Does what is due in one lane (a share, a payment), step by step, until it waits for somebody. Never throws for business reasons. */
  private async runLane(laneId: string): Promise<void> {
    try {
      for (let step = this.dueFor(laneId); step; step = this.dueFor(laneId)) await this.runOne(step);
    } finally {
      this.running.delete(laneId);
      this.moved = true;
    }
  }

  private dueFor(laneId: string): Step | undefined {
    return this.view && dueInLane(this.view, laneId, Date.now());
  }

  private async runOne(step: Step): Promise<void> {
    const { view } = this;
    if (!view) return;
    try {
      const next = await STEPS[step.kind](view, step);
      // The database saw nothing to do: its state or clock differs for a moment. Look again, but do not spin.
      if (next.version <= view.version) await sleep('1s');
      this.see(next);
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      await this.stall(step, error);
    }
    // Other shares and the main line may have to go on from here.
    this.moved = true;
  }

  private async stall(step: Step, error: ActivityFailure): Promise<void> {
    const cause = error.cause;
    const code: FailureCode =
      cause instanceof ApplicationFailure && cause.type === 'outcome_unknown'
        ? 'outcome_unknown'
        : 'provider_unavailable';
    this.see(
      await database.recordStall({
        orderId: this.orderId,
        shareId: step.shareId,
        step: step.kind,
        code,
        detail: `The ${OUTSIDE[step.kind]} gave no answer to "${step.kind}" in time.`,
      }),
    );
  }
}
