/**
 * Sourcing, in its simplest form until routing is rules: the first warehouse (by priority, then id) that has
 * everything takes the whole order; else each line is split over the warehouses in that order.
 */

/** What one line needs. */
export interface Need {
  lineNo: number;
  sku: string;
  quantity: number;
}

/** What one warehouse has of one SKU; `priority` low is asked first. */
export interface Supply {
  sku: string;
  location: string;
  available: number;
  priority: number;
}

/** Units of a line that one warehouse will send. */
export interface Allocation extends Need {
  location: string;
}

/** Either all units of all lines, or what is missing: an order is never allocated in part. */
export type Sourcing =
  | { ok: true; allocations: Allocation[] }
  | { ok: false; missing: { sku: string; wanted: number; available: number }[] };

/** Decides which warehouse sends what. Allocations come grouped by warehouse in asking order; two lines of one SKU share its stock. */
export function sourceLines(needs: readonly Need[], supplies: readonly Supply[]): Sourcing {
  const wanted = new Map<string, number>();
  for (const need of needs) wanted.set(need.sku, (wanted.get(need.sku) ?? 0) + need.quantity);
  const missing = [...wanted].flatMap(([sku, quantity]) => {
    const available = supplies
      .filter((supply) => supply.sku === sku)
      .reduce((sum, supply) => sum + Math.max(0, supply.available), 0);
    return available < quantity ? [{ sku, wanted: quantity, available }] : [];
  });
  if (missing.length > 0) return { ok: false, missing };
  const locations = locationsByPriority(supplies);
  const left = new Map(
    supplies.map((supply) => [`${supply.location} ${supply.sku}`, Math.max(0, supply.available)]),
  );
  const whole = locations.find((location) =>
    [...wanted].every(([sku, quantity]) => (left.get(`${location} ${sku}`) ?? 0) >= quantity),
  );
  if (whole !== undefined)
    return { ok: true, allocations: needs.map((need) => ({ ...need, location: whole })) };
  const allocations = needs.flatMap((need) => splitNeed(need, locations, left));
  return {
    ok: true,
    allocations: locations.flatMap((location) => allocations.filter((part) => part.location === location)),
  };
}

function locationsByPriority(supplies: readonly Supply[]): string[] {
  const priority = new Map(supplies.map((supply) => [supply.location, supply.priority]));
  return [...priority]
    .toSorted(([a, pa], [b, pb]) => pa - pb || (a < b ? -1 : 1))
    .map(([location]) => location);
}

function splitNeed(need: Need, locations: readonly string[], left: Map<string, number>): Allocation[] {
  const parts: Allocation[] = [];
  let open = need.quantity;
  for (const location of locations) {
    const key = `${location} ${need.sku}`;
    const take = Math.min(open, left.get(key) ?? 0);
    if (take === 0) continue;
    left.set(key, (left.get(key) ?? 0) - take);
    parts.push({ ...need, location, quantity: take });
    open -= take;
  }
  return parts;
}
