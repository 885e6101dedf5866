// Times as people read them; the server's clock says when, the browser's language says how.
import type { Lang } from "./wire";

const DAY = 86_400_000;
const midnight = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** "14:05". */
export function clock(iso: string, lang: Lang): string {
  return new Date(iso).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "Today", "Yesterday", else "21 November"; the year only when it is another one. */
export function day(iso: string, lang: Lang, now: Date = new Date()): string {
  const at = new Date(iso);
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  const near = days === 0 || days === -1;
  const words = near
    ? new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(days, "day")
    : at.toLocaleDateString(lang === "en" ? "en-GB" : lang, {
        day: "numeric",
        month: "long",
        ...(at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" }),
      });
  return words.charAt(0).toLocaleUpperCase(lang) + words.slice(1);
}

export function sameDay(a: string, b: string): boolean {
  return midnight(new Date(a)) === midnight(new Date(b));
}
