import { expect, test } from "vitest";
import {
  copyDay,
  momentIn,
  nextSpan,
  openMinutes,
  readTime,
  sameWeek,
  spansProblem,
  stateAt,
  weekdayOf,
  withHolidays,
} from "../src/desk/lead/calendar-model";
import type { CalendarView } from "../src/shared/wire";

const office: CalendarView = { id: "office", name: "Office", zone: "Europe/Moscow", weekly: sameWeek(5, "09:00", "18:00"), days: [] };
const at = (iso: string) => new Date(iso);

test.each([
  ["9", "09:00"],
  ["930", "09:30"],
  ["9.30", "09:30"],
  ["18:05", "18:05"],
  ["24", "24:00"],
  ["2400", "24:00"],
])("what people type for a time is understood: %s", (typed, time) => {
  expect(readTime(typed)).toBe(time);
});

test.each(["", "25", "9:7", "24:30", "12:60", "noon", "123456"])("what is no time is not guessed at: %s", (typed) => {
  expect(readTime(typed)).toBeNull();
});

test("spans that touch are fine, spans that overlap, end early or are no times are named", () => {
  const span = (opens: string, closes: string) => ({ opens, closes });
  expect(spansProblem([])).toBe("");
  expect(spansProblem([span("13:00", "18:00"), span("09:00", "13:00")])).toBe("");
  expect(spansProblem([span("09:00", "13:01"), span("13:00", "18:00")])).toBe("time_overlap");
  expect(spansProblem([span("18:00", "09:00")])).toBe("time_order");
  expect(spansProblem([span("09:00", "09:00")])).toBe("time_order");
  expect(spansProblem([span("9:00", "18:00")])).toBe("time_form");
  expect(spansProblem([span("00:00", "24:00")])).toBe("");
});

test("the next span begins an hour after the last one and never leaves the day", () => {
  expect(nextSpan([])).toEqual({ opens: "09:00", closes: "18:00" });
  expect(nextSpan([{ opens: "09:00", closes: "13:00" }])).toEqual({ opens: "14:00", closes: "16:00" });
  expect(nextSpan([{ opens: "09:00", closes: "23:15" }])).toEqual({ opens: "23:30", closes: "24:00" });
  expect(nextSpan([{ opens: "00:00", closes: "24:00" }])).toBeNull();
});

test("a copied day shares nothing with the one it came from", () => {
  const week = copyDay(sameWeek(1, "10:00", "12:00"), 0, [1, 6]);
  expect(week.map(openMinutes)).toEqual([120, 120, 0, 0, 0, 0, 120]);
  expect(week[1]![0]).not.toBe(week[0]![0]);
});

test("holidays fill the gaps in order and leave set days alone", () => {
  const set = { day: "2027-01-01", spans: [{ opens: "10:00", closes: "11:00" }], checkpoint: true };
  const { days, added } = withHolidays([set], ["2027-01-07", "2027-01-01", "2026-12-31"]);
  expect(days.map(({ day }) => day)).toEqual(["2026-12-31", "2027-01-01", "2027-01-07"]);
  expect(days[1]).toBe(set);
  expect(added).toBe(2);
});

test("a moment is read off the clock of the zone", () => {
  expect(momentIn("Europe/Moscow", at("2026-11-22T22:30:00Z"))).toEqual({ day: "2026-11-23", weekday: 0, minute: 90 });
  expect(momentIn("Mars/Olympus", at("2026-11-22T22:30:00Z"))).toBeNull();
  expect(weekdayOf("2024-02-29")).toBe(3);
});

test("an open calendar says until when, a closed one when it opens", () => {
  expect(stateAt(office, at("2026-11-23T10:00:00Z"))).toEqual({ open: true, day: "2026-11-23", time: "18:00", ahead: 0 });
  expect(stateAt(office, at("2026-11-23T03:00:00Z"))).toEqual({ open: false, day: "2026-11-23", time: "09:00", ahead: 0 });
  expect(stateAt(office, at("2026-11-27T16:00:00Z"))).toEqual({ open: false, day: "2026-11-30", time: "09:00", ahead: 3 });
});

test("a holiday and a checkpoint are days like any other to the state", () => {
  const days = [
    { day: "2026-11-24", spans: [] },
    { day: "2026-11-25", spans: [{ opens: "15:00", closes: "15:30" }], checkpoint: true },
  ];
  expect(stateAt({ ...office, days }, at("2026-11-23T17:00:00Z"))).toEqual({ open: false, day: "2026-11-25", time: "15:00", ahead: 2 });
});

test("spans that touch are one opening, over midnight too", () => {
  const touching = { ...office, zone: "UTC", weekly: sameWeek(7, "00:00", "24:00") };
  expect(stateAt(touching, at("2026-11-23T10:00:00Z"))).toEqual({ open: true, day: "", time: "", ahead: 0 });
  const night = { ...touching, days: [{ day: "2026-11-25", spans: [{ opens: "00:00", closes: "02:00" }] }] };
  expect(stateAt(night, at("2026-11-24T23:00:00Z"))).toEqual({ open: true, day: "2026-11-25", time: "02:00", ahead: 1 });
});

test("a calendar that never opens says so", () => {
  expect(stateAt({ ...office, weekly: sameWeek(0, "", "") }, at("2026-11-23T10:00:00Z"))).toEqual({ open: false, day: "", time: "", ahead: 0 });
});
