// How long somebody has waited, in words and in urgency.
import type { Words } from "./words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Nobody should wait longer than five minutes; the fourth is the warning. */
const WARN = 4 * MINUTE;
const LATE = 5 * MINUTE;

/** "4:07", "1 h 02 min", "3 d 4 h". `ms` below zero (clocks differ) counts as nothing. */
export function waited(ms: number, words: Words): string {
  const passed = Math.max(0, ms);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}:${two((passed % MINUTE) / 1000)}`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} ${words.hours} ${two((passed % HOUR) / MINUTE)} ${words.minutes}`;
  return `${Math.floor(passed / DAY)} ${words.days} ${Math.floor((passed % DAY) / HOUR)} ${words.hours}`;
}

export function urgency(ms: number): "calm" | "warn" | "late" {
  return ms >= LATE ? "late" : ms >= WARN ? "warn" : "calm";
}

/** "0.86"; scores are compared by eye, so they all have two places. */
export function score(value: number): string {
  return value.toFixed(2);
}

export function percent(value: number): string {
  return `${Math.round(value * 100)} %`;
}
