/** `holdfast items`: the catalogue. An order with an unknown SKU is refused, so it is filled first. */
import type { Command } from 'commander';
import type { Item } from '../../api/schemas/catalogue.ts';
import { orDash } from '../format.ts';
import { jsonObject, limit, units } from './inputs.ts';
import type { Act } from '../run.ts';

interface CreateFlags {
  name: string;
  variant?: string;
  gtin?: string;
  weight?: number;
  digital?: boolean;
  attributes?: string;
}

/** Adds the commands. */
export function registerItems(program: Command, act: Act): void {
  const items = program.command('items').description('the catalogue');
  items
    .command('list')
    .description('items by SKU')
    .option('--search <text>', 'beginning of the SKU')
    .option('--limit <n>', 'at most so many', limit, 50)
    .action((flags: { search?: string; limit: number }, command: Command) =>
      act(command, async (context) => {
        const rows: Item[] = [];
        for await (const item of context.api().pages<Item>('/v1/items', { q: flags.search }, flags.limit))
          rows.push(item);
        context.table(
          rows,
          [
            { head: 'SKU', cell: (row) => row.sku },
            { head: 'Name', cell: (row) => row.name },
            { head: 'Variant', cell: (row) => orDash(row.variant) },
            { head: 'Grams', right: true, cell: (row) => String(row.weightGrams) },
            { head: 'Ships', cell: (row) => (row.requiresShipping ? 'yes' : 'no') },
          ],
          'No items. Add one:  holdfast items create MUG-RED --name "Stoneware mug"',
        );
      }),
    );
  items
    .command('create')
    .description('adds an item; refused when the SKU is there')
    .argument('<sku>', 'stock keeping unit')
    .requiredOption('--name <text>', 'what it is called')
    .option('--variant <text>', 'size, color …')
    .option('--gtin <digits>', 'barcode number')
    .option('--weight <grams>', 'weight of one unit', units)
    .option('--digital', 'needs no parcel')
    .option('--attributes <json>', 'fields of your industry, a flat JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast items create MUG-RED --name "Stoneware mug" --variant red --weight 340',
    )
    .action((sku: string, flags: CreateFlags, command: Command) =>
      act(command, async (context) => {
        const body = {
          sku,
          name: flags.name,
          variant: flags.variant,
          gtin: flags.gtin,
          weightGrams: flags.weight,
          ...(flags.digital ? { requiresShipping: false } : {}),
          ...(flags.attributes === undefined
            ? {}
            : { attributes: jsonObject(flags.attributes, '--attributes') }),
        };
        const made = await context.change<Item>('/v1/items', { body });
        if (!made) return;
        context.print(made, () => [`Item ${made.sku} added`]);
        context.next(`holdfast stock adjust ${made.sku} <location> --by 100 --reason received`);
      }),
    );
}
