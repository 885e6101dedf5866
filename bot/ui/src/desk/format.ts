// How long somebody has waited or how much time is left, in words and in urgency.
import type { Lang, TicketView } from "../shared/wire";
import { clock, day, sameDay } from "../shared/time";
import type { Words } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "4:07", "1 h 02 min", "3 d 4 h". `ms` below zero (clocks differ) counts as nothing. */
export function waited(ms: number, words: Words): string {
  const passed = Math.max(0, ms);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}:${two((passed % MINUTE) / 1000)}`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} ${words.hours} ${two((passed % HOUR) / MINUTE)} ${words.minutes}`;
  return `${Math.floor(passed / DAY)} ${words.days} ${Math.floor((passed % DAY) / HOUR)} ${words.hours}`;
}

export type Urgency = "calm" | "warn" | "late";

/** How near the next deadline is: `late` once it has passed, `warn` in the last part that the server named. */
export function urgency({ due_at, warn_at }: Pick<TicketView, "due_at" | "warn_at">, now: number): Urgency {
  if (due_at && now >= Date.parse(due_at)) return "late";
  return warn_at && now >= Date.parse(warn_at) ? "warn" : "calm";
}

/** "0.86"; scores are compared by eye, so they all have two places. */
export function score(value: number): string {
  return value.toFixed(2);
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}

/** "14:05" today, "tomorrow, 09:00", "27 November, 09:00". */
export function moment(at: string | Date, lang: Lang, now: Date = new Date()): string {
  const iso = typeof at === "string" ? at : at.toISOString();
  if (sameDay(iso, now.toISOString())) return clock(iso, lang);
  const tomorrow = new Date(now.getTime() + DAY).toISOString();
  const name = sameDay(iso, tomorrow) ? new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(1, "day") : day(iso, lang, now);
  return `${name}, ${clock(iso, lang)}`;
}

/** "12 kB", "3.4 MB". */
export function size(bytes: number, lang: Lang): string {
  const [value, unit] = bytes >= 1_000_000 ? [bytes / 1_000_000, "megabyte"] : [Math.max(1, Math.round(bytes / 1000)), "kilobyte"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

/** The form of a word that goes with a number: [one, few, many] in Russian, [one, other] in English. */
export function plural(count: number, lang: Lang, forms: readonly string[]): string {
  const rule = new Intl.PluralRules(lang).select(count);
  const at = lang === "ru" ? { one: 0, few: 1 }[rule as "one" | "few"] ?? 2 : rule === "one" ? 0 : 1;
  return `${count} ${forms[at] ?? forms.at(-1)}`;
}

/** Two letters for a face: the initials of a name. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? "") + (parts.length > 1 ? (parts.at(-1)?.[0] ?? "") : "")).toLocaleUpperCase();
}

/** Markdown as one line of plain words, for a preview. */
export function plain(markdown: string): string {
  return markdown.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[*_`#>]+/g, "").replace(/\s+/g, " ").trim();
}
