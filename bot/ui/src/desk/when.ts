// Moments an operator chooses: one hour, tomorrow morning, the next working day; in the operator's own time.
import type { CalendarView } from "../shared/wire";

const HOUR = 3_600_000;
const MORNING = "09:00";

export function inMinutes(now: Date, minutes: number): Date {
  const at = new Date(now.getTime() + minutes * 60_000);
  at.setSeconds(0, 0);
  return at;
}

/** Tomorrow at nine; before six in the morning "tomorrow morning" is still today. */
export function tomorrowMorning(now: Date): Date {
  return at(now, now.getHours() < 6 ? 0 : 1, MORNING);
}

/** The first moment of the next day on which the group works; Monday to Friday where its calendar is not known. */
export function nextWorkingDay(now: Date, calendar?: CalendarView): Date {
  for (let ahead = 1; ahead <= 31; ahead += 1) {
    const opens = opening(at(now, ahead, MORNING), calendar);
    if (opens) return at(now, ahead, opens);
  }
  return at(now, 1, MORNING);
}

function opening(day: Date, calendar?: CalendarView): string | undefined {
  if (!calendar) return [0, 6].includes(day.getDay()) ? undefined : MORNING;
  const special = calendar.days.find((one) => one.day === localDay(day));
  const spans = special ? special.spans : (calendar.weekly[(day.getDay() + 6) % 7] ?? []);
  const opens = spans[0]?.opens;
  return opens === "00:00" ? MORNING : opens;
}

function at(now: Date, ahead: number, time: string): Date {
  const [hour = 9, minute = 0] = time.split(":").map(Number);
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead, hour, minute);
}

const two = (value: number): string => String(value).padStart(2, "0");

export function localDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The value of an <input type="datetime-local">. */
export function localMoment(date: Date): string {
  return `${localDay(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Is this moment ahead, and not further than a year? */
export function sensible(date: Date, now: Date): boolean {
  const ahead = date.getTime() - now.getTime();
  return ahead > 0 && ahead < 366 * 24 * HOUR;
}
