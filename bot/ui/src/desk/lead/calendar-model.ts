// Working hours as an editor needs them: spans of "HH:MM" in a calendar's own zone, checked, copied and read. Pure.
import type { CalendarView, SpecialDay, Span } from "../../shared/wire";

export const DAY_MINUTES = 1_440;
const LOOK_AHEAD = 400;
const DAY_MS = 86_400_000;

/** What is wrong with the spans of one day; empty when nothing is. */
export type SpansProblem = "" | "time_form" | "time_order" | "time_overlap";

/** Minutes since midnight of "HH:MM", "24:00" being the end of the day; null for anything else. */
export function minutesOf(time: string): number | null {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (found) return Number(found[1]) * 60 + Number(found[2]);
  return time === "24:00" ? DAY_MINUTES : null;
}

export function timeOf(minutes: number): string {
  const bound = Math.min(Math.max(Math.round(minutes), 0), DAY_MINUTES);
  return `${String(Math.floor(bound / 60)).padStart(2, "0")}:${String(bound % 60).padStart(2, "0")}`;
}

/** What people type for a time: "9", "930", "9.30", "18:00", "24"; null when it is none. */
export function readTime(typed: string): string | null {
  const found = /^(\d{1,2})(?:\s*[:.,\- ]?\s*(\d{2}))?$/.exec(typed.trim());
  if (!found) return null;
  const time = `${found[1]!.padStart(2, "0")}:${found[2] ?? "00"}`;
  return minutesOf(time) === null ? null : time;
}

/** Both ends in minutes; null when one of them is no time. */
function ends({ opens, closes }: Span): [number, number] | null {
  const from = minutesOf(opens);
  const to = minutesOf(closes);
  return from === null || to === null ? null : [from, to];
}

export function spansProblem(spans: readonly Span[]): SpansProblem {
  const known = spans.map(ends);
  if (known.some((one) => one === null)) return "time_form";
  const sorted = (known as [number, number][]).sort((a, b) => a[0] - b[0]);
  if (sorted.some(([from, to]) => from >= to)) return "time_order";
  return sorted.some(([from], at) => at > 0 && from < sorted[at - 1]![1]) ? "time_overlap" : "";
}

export function sorted(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => (minutesOf(a.opens) ?? 0) - (minutesOf(b.opens) ?? 0));
}

/** Open minutes of a day; a span that cannot be read counts nothing. */
export function openMinutes(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => {
    const known = ends(span);
    return known ? sum + Math.max(0, known[1] - known[0]) : sum;
  }, 0);
}

/** The span that "add" puts in: a working day first, then an hour after the last one, as far as the day goes. */
export function nextSpan(spans: readonly Span[]): Span | null {
  const last = Math.max(-1, ...spans.map((span) => minutesOf(span.closes) ?? 0));
  if (last < 0) return { opens: "09:00", closes: "18:00" };
  if (last > DAY_MINUTES - 30) return null;
  const opens = Math.min(last + 60, DAY_MINUTES - 30);
  return { opens: timeOf(opens), closes: timeOf(opens + 120) };
}

/** The week with the hours of day `from` on every day of `to`; 0 = Monday. */
export function copyDay(weekly: readonly Span[][], from: number, to: readonly number[]): Span[][] {
  return weekly.map((spans, day) => (to.includes(day) ? weekly[from]!.map((span) => ({ ...span })) : spans));
}

/** A week of one and the same span on the first `days` days. */
export function sameWeek(days: number, opens: string, closes: string): Span[][] {
  return Array.from({ length: 7 }, (_, day) => (day < days ? [{ opens, closes }] : []));
}

/** Days off for these dates; a day that is set already stays as it is. */
export function withHolidays(days: readonly SpecialDay[], dates: readonly string[]): { days: SpecialDay[]; added: number } {
  const known = new Set(days.map(({ day }) => day));
  const fresh = dates.filter((day) => !known.has(day)).map((day): SpecialDay => ({ day, spans: [], checkpoint: false }));
  const all = [...days, ...fresh].sort((a, b) => a.day.localeCompare(b.day));
  return { days: all, added: fresh.length };
}

export interface Moment {
  /** YYYY-MM-DD in the zone. */
  day: string;
  /** 0 = Monday. */
  weekday: number;
  minute: number;
}

/** The date, weekday and minute of day that a clock in this zone shows; null for an unknown zone. */
export function momentIn(zone: string, at: Date): Moment | null {
  try {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).formatToParts(at);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "00";
    const day = `${part("year")}-${part("month")}-${part("day")}`;
    return { day, weekday: weekdayOf(day), minute: Number(part("hour")) * 60 + Number(part("minute")) };
  } catch {
    return null;
  }
}

/** 0 = Monday of a date YYYY-MM-DD. */
export function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function after(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Open or closed, and at which date and time that changes; `time` empty when it never does. */
export interface HoursState {
  open: boolean;
  day: string;
  time: string;
  /** Days from today. */
  ahead: number;
}

function spansOn(calendar: CalendarView, day: string): Span[] {
  const special = calendar.days.find((one) => one.day === day);
  return sorted(special ? special.spans : (calendar.weekly[weekdayOf(day)] ?? []));
}

export function stateAt(calendar: CalendarView, at: Date): HoursState | null {
  const now = momentIn(calendar.zone, at);
  if (!now) return null;
  let from = now.minute;
  const open = covers(spansOn(calendar, now.day), from) !== null;
  for (let ahead = 0; ahead <= LOOK_AHEAD; ahead += 1) {
    const day = after(now.day, ahead);
    const change = changeOn(spansOn(calendar, day), from, open);
    if (change !== null && change < DAY_MINUTES) return { open, day, time: timeOf(change), ahead };
    from = 0;
  }
  return { open, day: "", time: "", ahead: 0 };
}

/** When the span that covers this minute ends; null when none does. */
function covers(spans: Span[], minute: number): number | null {
  for (const span of spans) {
    const known = ends(span);
    if (known && known[0] <= minute && minute < known[1]) return known[1];
  }
  return null;
}

/** The first minute from `minute` on at which the day is no longer `open`; null when it stays so. */
function changeOn(spans: Span[], minute: number, open: boolean): number | null {
  if (!open) {
    const next = spans.map((span) => minutesOf(span.opens) ?? DAY_MINUTES).filter((opens) => opens >= minute);
    return covers(spans, minute) !== null ? minute : (next[0] ?? null);
  }
  let end: number | null = minute;
  for (let next: number | null = minute; next !== null; next = covers(spans, next)) end = next;
  return end;
}
