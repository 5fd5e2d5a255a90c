/** Cases as the API shows them. */
import { isClosable, RETRIED } from '../../domain/cases.ts';
import { FAILURES } from '../../domain/failures.ts';
import { statusWord } from '../../domain/order.ts';
import type { CaseRow, CauseRow } from '../../db/reads/cases.ts';
import { isFailureCode } from '../problems.ts';
import type { Case, CaseCause } from '../schemas/feeds.ts';
import type { Sight } from '../sight.ts';

/** The cause in words. */
export function caseTitle(code: string): string {
  return isFailureCode(code) ? FAILURES[code].title : code;
}

/**
 * How a case ended, for this caller: what a person wrote is shown to those who see texts of staff; others see from
 * `resolvedBy` that it was closed by hand.
 */
export function shownResolution(
  row: { resolution: string | null; resolved_by: string | null },
  sight: Sight,
): string | null {
  const isOurWord =
    row.resolved_by === null || !row.resolved_by.startsWith('key:') || row.resolution === RETRIED;
  return sight.staffTexts || isOurWord ? row.resolution : null;
}

/** A case as this caller may see it. */
export function showCase(row: CaseRow, sight: Sight): Case {
  return {
    id: row.id,
    orderId: row.order_id,
    orderNumber: row.order_number,
    channel: row.channel,
    subject: row.subject,
    code: row.code,
    attention: row.attention,
    owner: row.owner,
    detail: row.detail,
    openedAt: row.opened_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolution: shownResolution(row, sight),
    resolvedBy: row.resolved_by,
    title: caseTitle(row.code),
    orderStatus: row.order_state && statusWord(row.order_state),
    assignee: row.assignee,
    assigneeName: sight.staffNames ? row.assignee_name : null,
    assignedAt: row.assigned_at?.toISOString() ?? null,
    nextRetryAt: row.next_retry_at?.toISOString() ?? null,
    tries: row.tries,
    isClosable: row.resolved_at === null && isClosable(row.code),
  };
}

/** Open cases of one cause as shown. */
export function showCause(row: CauseRow): CaseCause {
  return {
    code: row.code,
    title: caseTitle(row.code),
    attention: row.attention,
    owner: row.owner,
    open: row.open,
    oldestAt: row.oldest_at.toISOString(),
    nextRetryAt: row.next_retry_at?.toISOString() ?? null,
    isClosable: isClosable(row.code),
  };
}
