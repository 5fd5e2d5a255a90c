/** The proofs of the console and the reports. */
import type { Proof } from '../main.ts';
import {
  onDeskStage,
  proveAccessibility,
  proveAgentsDay,
  proveFirstLoad,
  proveTwoBrowsers,
  type DeskStage,
} from './desk.ts';
import { proveLarge } from './large.ts';
import { proveReports } from './reports.ts';
import { proveSuperstore } from './superstore.ts';

type Figures = Parameters<Proof['run']>[0];

function atDesk(work: (figures: Figures, desk: DeskStage) => Promise<void>): Proof['run'] {
  return (figures) => onDeskStage(process.env, (desk) => work(figures, desk));
}

/** All proofs of the console, in the order in which they run. */
export const CONSOLE: readonly Proof[] = [
  { title: 'first load: how much a browser fetches', run: atDesk(proveFirstLoad) },
  { title: 'a support agent’s day, by mouse and by keyboard', run: atDesk(proveAgentsDay) },
  { title: 'axe on every page in both themes', run: atDesk(proveAccessibility) },
  { title: 'two browsers see each other’s change', run: atDesk(proveTwoBrowsers) },
  {
    title: 'pages with a hundred thousand orders',
    run: atDesk((figures, desk) => proveLarge(figures, desk, process.env)),
  },
  { title: 'reports against a second count in Python', run: proveReports },
  { title: 'superstore: reports of a real file to the cent', run: proveSuperstore },
];
