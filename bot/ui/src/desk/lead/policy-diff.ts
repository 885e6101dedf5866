// Two versions of the rules side by side: what was changed, and how my changes go on top of a colleague's. Pure.
import type { PolicyView } from "../../shared/wire";

export const SECTIONS = ["groups", "calendars", "targets", "rules", "tags"] as const;
export type Section = (typeof SECTIONS)[number];

/** Equal by value; a field that is left out equals its empty value, as it does for the server. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "" || value === 0;
}

/** The parts of the rules in which `mine` differs from `base`. */
export function changedSections(base: PolicyView, mine: PolicyView): Section[] {
  return SECTIONS.filter((section) => !same(base[section], mine[section]));
}

/** What belongs together in a list: a group by its id, a target by its priority, a rule or tag by its whole value. */
function keyOf(section: Section, item: unknown): string {
  if (section === "groups" || section === "calendars") return (item as { id: string }).id;
  if (section === "targets") return String((item as { priority: number }).priority);
  return JSON.stringify(item, Object.keys((item as object) ?? {}).sort());
}

export interface Rebased {
  policy: PolicyView;
  /** Sections in which both changed the same thing; mine stands in the result. */
  clashes: Section[];
}

/** My changes since `base` on top of `theirs`: what only one of us touched is taken from them, the rest is mine. */
export function rebase(base: PolicyView, mine: PolicyView, theirs: PolicyView): Rebased {
  const clashes: Section[] = [];
  const policy = { ...theirs };
  for (const section of SECTIONS) {
    const merged = mergeList(section, base[section], mine[section], theirs[section]);
    Object.assign(policy, { [section]: merged.list });
    if (merged.clash) clashes.push(section);
  }
  return { policy, clashes };
}

function mergeList(section: Section, base: readonly unknown[], mine: readonly unknown[], theirs: readonly unknown[]) {
  if (same(base, mine)) return { list: theirs, clash: false };
  if (same(base, theirs)) return { list: mine, clash: false };
  const of = (list: readonly unknown[]) => new Map(list.map((item) => [keyOf(section, item), item]));
  const [was, my, their] = [of(base), of(mine), of(theirs)];
  let clash = false;
  const list: unknown[] = [];
  // My order first: then what they added.
  for (const key of new Set([...my.keys(), ...their.keys()])) {
    const kept = one(was.get(key), my.get(key), their.get(key));
    clash ||= kept.clash;
    if (kept.item !== undefined) list.push(kept.item);
  }
  return { list, clash };
}

/** One item by its three versions; undefined = not there. */
function one(was: unknown, my: unknown, their: unknown): { item: unknown; clash: boolean } {
  const iChanged = !same(was, my);
  const theyChanged = !same(was, their);
  if (!iChanged) return { item: their, clash: false };
  if (!theyChanged || same(my, their)) return { item: my, clash: false };
  return { item: my ?? their, clash: true };
}
