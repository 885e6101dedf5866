import { expect, test } from "vitest";
import { clock, day, sameDay } from "../src/shared/time";

const now = new Date(2026, 10, 23, 10, 0);
const at = (...parts: [number, number, number, number]) => new Date(...parts).toISOString();

test("names the near days and dates the others, in both languages", () => {
  expect(day(at(2026, 10, 23, 1), "en", now)).toBe("Today");
  expect(day(at(2026, 10, 22, 23), "ru", now)).toBe("Вчера");
  expect(day(at(2026, 10, 1, 9), "ru", now)).toBe("1 ноября");
  expect(day(at(2026, 10, 1, 9), "en", now)).toBe("1 November");
  expect(day(at(2025, 10, 1, 9), "en", now)).toBe("1 November 2025");
});

test("two sides of midnight are two days", () => {
  expect(sameDay(at(2026, 10, 22, 23), at(2026, 10, 23, 0))).toBe(false);
  expect(sameDay(at(2026, 10, 23, 0), at(2026, 10, 23, 23))).toBe(true);
});

test("the clock has 24 hours in both languages", () => {
  expect(clock(at(2026, 10, 23, 15), "en")).toBe("15:00");
  expect(clock(at(2026, 10, 23, 0), "ru")).toBe("00:00");
});
