import { expect, test } from "vitest";
import { backoff } from "../src/shared/backoff";

test("waits twice as long each time, up to half a minute", () => {
  expect([0, 1, 2, 3, 10, 60].map((tries) => backoff(tries, 1))).toEqual([500, 1000, 2000, 4000, 30_000, 30_000]);
});

test("spreads a crowd over half of the wait", () => {
  expect(backoff(4, 0)).toBe(4000);
  expect(backoff(4, 0.5)).toBe(6000);
  const waits = new Set(Array.from({ length: 50 }, () => backoff(4)));
  expect(waits.size).toBeGreaterThan(40);
});
