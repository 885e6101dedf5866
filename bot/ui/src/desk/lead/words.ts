// Everything the lead's screens say, in both languages; loaded with them and not with the desk.
import { computed } from "@preact/signals";
import type { Lang } from "../../shared/wire";
import { lang } from "../store";
import { EN } from "./words/en";
import { RU } from "./words/ru";

export type LeadWords = typeof EN;

const WORDS: Record<Lang, LeadWords> = { ru: RU, en: EN };

export const words = computed(() => WORDS[lang.value]);

/** The form of a sentence that goes with a number, with it in the place of {n}. `forms`: one, few, many (English: two). */
export function counted(count: number, forms: readonly string[]): string {
  const rule = new Intl.PluralRules(lang.value).select(count);
  const at = { one: 0, few: 1, many: 2 }[rule as string] ?? forms.length - 1;
  return fill(forms[Math.min(at, forms.length - 1)]!, { n: count.toLocaleString(lang.value) });
}

/** Puts values into a sentence: fill("{n} of {cap}", { n: 1, cap: 2 }). */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** 0.035 as "3.5%". */
export function share(value: number): string {
  return Number.isNaN(value) ? "–" : value.toLocaleString(lang.value, { style: "percent", maximumFractionDigits: 1 });
}

/** A topic in words; one that we do not know is shown by its name. */
export function topicName(topic: string): string {
  return words.value.topics[topic] ?? topic.replaceAll("_", " ");
}

/** How a role, act or other code is called; the code itself when it is new to us. */
export function called(names: Readonly<Record<string, string>>, code: string): string {
  return names[code] ?? code.replaceAll("_", " ");
}

/** A date YYYY-MM-DD in words: "Thu, 1 January 2026", short without the weekday. */
export function dayName(day: string, style: "long" | "short" = "long"): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return day;
  const weekday = style === "long" ? { weekday: "short" as const } : {};
  return at.toLocaleDateString(lang.value === "en" ? "en-GB" : "ru", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric", ...weekday });
}
