/** The form in which it is said where one share of an order stands; what is said is in sharePlace.ts and paymentPlace.ts. */
import type { OrderView, ShareView, WaitKind } from './lifecycle.ts';

/** What the view leaves out of a share. */
export interface PlaceFacts {
  /** Why a payment was refused, in the provider's word, by payment id. */
  refusals: Readonly<Record<string, string>>;
  /** Open cases. */
  cases: readonly { subject: string; code: string; owner: string }[];
  /** True when an authorization was given back. */
  voided: boolean;
}

/** How far a share has come; the smallest is furthest behind. */
export const PLACE_RANKS = {
  payment: 1,
  release: 2,
  warehouse: 3,
  handover: 4,
  transport: 5,
  /** Arrived, and not charged yet. */
  owed: 6,
  /** Its parcel has gone wrong and a person has seen to it. */
  seenTo: 7,
  delivered: 8,
} as const;

/** Where a share stands. */
export interface Place {
  location: string;
  rank: number;
  /** Something went wrong; it is said before its equals. */
  isProblem: boolean;
  /** A headline without a full stop. */
  state: string;
  /** What follows "the part from east is". */
  aside: string;
  /** The waits it waits with; the first that is open counts. */
  waitSubjects: readonly { subject: string; kind: WaitKind }[];
}

/** What is said, before location and waits are added. */
export interface Said {
  rank: number;
  isProblem?: boolean;
  state: string;
  aside: string;
  waits: Place['waitSubjects'];
}

/** What is looked at to say it. */
export interface Look {
  view: OrderView;
  share: ShareView;
  facts: PlaceFacts;
  nowMs: number;
  /** " for the part from east" when there are several. */
  part: string;
}
