/** `holdfast locations`: the places that hold stock. */
import type { Command } from 'commander';
import type { z } from 'zod';
import type { LocationBody } from '../../api/schemas/catalogue.ts';
import { limit, units } from './inputs.ts';
import type { Act } from '../run.ts';

type Location = z.output<typeof LocationBody>;

interface CreateFlags {
  name: string;
  priority?: number;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  postalCode?: string;
  country: string;
}

/** Adds the commands. */
export function registerLocations(program: Command, act: Act): void {
  const locations = program.command('locations').description('the places that hold stock');
  locations
    .command('list')
    .description('locations, first asked first')
    .option('--limit <n>', 'at most so many', limit, 100)
    .action((flags: { limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Location[] = [];
        for await (const row of context.api().pages<Location>('/v1/locations', {}, flags.limit))
          rows.push(row);
        context.table(
          rows,
          [
            { head: 'Id', cell: (row) => row.id },
            { head: 'Name', cell: (row) => row.name },
            { head: 'Priority', right: true, cell: (row) => String(row.priority) },
            { head: 'City', cell: (row) => row.address['city'] ?? '-' },
            { head: 'Country', cell: (row) => row.address['country'] ?? '-' },
            { head: 'Active', cell: (row) => (row.active ? 'yes' : 'no') },
          ],
          'No locations. Add one:  holdfast locations create --help',
        );
      }),
    );
  locations
    .command('create')
    .description('adds a location; refused when the id is there')
    .argument('<id>', 'lower case letters, digits, hyphens')
    .requiredOption('--name <text>', 'what it is called')
    .requiredOption('--line1 <text>', 'street and number')
    .option('--line2 <text>', 'more of the address')
    .requiredOption('--city <text>', 'city')
    .option('--region <text>', 'state or province')
    .option('--postal-code <text>', 'postal code')
    .requiredOption('--country <code>', 'two letters, e.g. US')
    .option('--priority <n>', 'lower is asked first (100)', units)
    .addHelpText(
      'after',
      '\nExample:\n  holdfast locations create wh-north --name "North warehouse" --line1 "1 Dock Rd" --city Duluth --region MN --postal-code 55802 --country US',
    )
    .action((id: string, flags: CreateFlags, command: Command) =>
      act(command, async (context) => {
        const { name, priority, line1, line2, city, region, postalCode, country } = flags;
        const body = { id, name, priority, address: { line1, line2, city, region, postalCode, country } };
        const made = await context.change<Location>('/v1/locations', { body });
        if (!made) return;
        context.print(made, () => [`Location ${made.id} added`]);
        context.next(`holdfast stock adjust <sku> ${made.id} --by 100 --reason received`);
      }),
    );
}
