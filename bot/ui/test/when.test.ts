import { expect, test } from "vitest";
import { moment, plain, plural, size, urgency } from "../src/desk/format";
import { inMinutes, localMoment, nextWorkingDay, sensible, tomorrowMorning } from "../src/desk/when";
import type { CalendarView } from "../src/shared/wire";

const FRIDAY = new Date(2026, 10, 27, 16, 40, 31);
const day = [{ opens: "10:00", closes: "18:00" }];
const shop: CalendarView = {
  id: "shop",
  name: "Shop",
  zone: "UTC",
  weekly: [day, day, day, day, day, day, []],
  days: [{ day: "2026-11-28", spans: [] }],
};

test("in an hour is a whole minute, tomorrow morning is nine", () => {
  expect(localMoment(inMinutes(FRIDAY, 60))).toBe("2026-11-27T17:40");
  expect(localMoment(tomorrowMorning(FRIDAY))).toBe("2026-11-28T09:00");
});

test("deep in the night tomorrow morning is still today", () => {
  expect(localMoment(tomorrowMorning(new Date(2026, 10, 27, 2, 0)))).toBe("2026-11-27T09:00");
});

test("the next working day skips a weekend, or what the group's calendar closes", () => {
  expect(localMoment(nextWorkingDay(FRIDAY))).toBe("2026-11-30T09:00");
  expect(localMoment(nextWorkingDay(FRIDAY, shop))).toBe("2026-11-30T10:00");
  expect(localMoment(nextWorkingDay(FRIDAY, { ...shop, days: [] }))).toBe("2026-11-28T10:00");
});

test("a moment that has passed or is years away is refused", () => {
  expect([-1, 0, 5, 60 * 24 * 400].map((minutes) => sensible(new Date(FRIDAY.getTime() + minutes * 60_000), FRIDAY))).toEqual([false, false, true, false]);
});

test("moments are told as people tell them", () => {
  const at = (days: number) => new Date(2026, 10, 27 + days, 9, 5);
  expect([0, 1, 3].map((days) => moment(at(days), "en", FRIDAY))).toEqual(["09:05", "tomorrow, 09:05", "30 November, 09:05"]);
  expect(moment(at(1), "ru", FRIDAY)).toBe("завтра, 09:05");
});

test("a deadline warns when the server said so and is late when it has passed", () => {
  const clock = { warn_at: "2026-11-23T10:00:00Z", due_at: "2026-11-23T10:05:00Z" };
  const at = (minute: number) => urgency(clock, Date.UTC(2026, 10, 23, 10, minute));
  expect([at(-1), at(0), at(4), at(5)]).toEqual(["calm", "warn", "warn", "late"]);
  expect(urgency({ warn_at: null, due_at: null }, Date.now())).toBe("calm");
});

test("counted words, sizes and previews read naturally", () => {
  expect([1, 3, 5, 21].map((count) => plural(count, "ru", ["сообщение", "сообщения", "сообщений"]))).toEqual([
    "1 сообщение",
    "3 сообщения",
    "5 сообщений",
    "21 сообщение",
  ]);
  expect([plural(1, "en", ["message", "messages"]), plural(2, "en", ["message", "messages"])]).toEqual(["1 message", "2 messages"]);
  expect([size(400, "en"), size(12_400, "en"), size(3_400_000, "en")]).toEqual(["1 kB", "12 kB", "3.4 MB"]);
  expect(plain("Press **Reset**, see [the guide](/help)\n- twice")).toBe("Press Reset, see the guide - twice");
});
