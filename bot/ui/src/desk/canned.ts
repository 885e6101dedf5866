// Ready answers: found by what was typed after the slash, filled with what is known of this customer.
import type { CannedView, Lang } from "../shared/wire";

/** Values of {customer}, {operator}, {number}, {topic} and {field.<key>}. */
export type Values = Record<string, string>;

const HOLE = /(,?[ \t]*)\{([a-z][\w.-]*)\}/gi;

/** The text in the customer's language (in the other one where it was never translated) with its holes filled. An
 * unknown value takes the comma and the space before it along: "Hello, {customer}!" becomes "Hello!". A word in braces
 * that is no variable of ours stays as it was written. */
export function fill(reply: Pick<CannedView, "ru" | "en">, lang: Lang, values: Values): string {
  const text = reply[lang] || reply[lang === "ru" ? "en" : "ru"];
  return text.replace(HOLE, (whole, before: string, name: string) => {
    const key = name.toLowerCase();
    const value = values[key] ?? (key.startsWith("field.") ? "" : undefined);
    return value === undefined ? whole : value ? before + value : "";
  });
}

/** Those this group may use, best first: the shortcut begins so, the shortcut or title holds it, the words hold it. */
export function match(replies: readonly CannedView[], query: string, group: string): CannedView[] {
  const asked = query.toLowerCase();
  const rank = (one: CannedView): number => {
    if (one.shortcut.toLowerCase().startsWith(asked)) return 0;
    if (`${one.shortcut} ${one.title}`.toLowerCase().includes(asked)) return 1;
    return `${one.ru} ${one.en}`.toLowerCase().includes(asked) ? 2 : 3;
  };
  return replies
    .filter((one) => !one.group || one.group === group)
    .map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank || b.one.used - a.one.used || a.one.shortcut.localeCompare(b.one.shortcut))
    .map(({ one }) => one);
}

/** What the words before the caret ask to be completed; `from` is where the slash or the @ stands. */
export interface Asked {
  kind: "canned" | "mention";
  query: string;
  from: number;
}

/** A slash opens the list at the beginning of a reply or of a line, so that "and/or" and paths stay text; an @ after a
 * space opens the colleagues in a note. */
export function asked(text: string, caret: number, note: boolean): Asked | null {
  const before = text.slice(0, caret);
  const found = note ? /(?:^|\s)@([^\s@][^@\n]{0,30})?$/.exec(before) : /(?:^|\n)\/([^\n/]{0,40})$/.exec(before);
  if (!found) return null;
  const query = found[1] ?? "";
  return { kind: note ? "mention" : "canned", query, from: caret - query.length - 1 };
}
