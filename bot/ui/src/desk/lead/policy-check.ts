// What can be told about the rules before the server is asked; the places are those of the forms. Pure.
import type { CalendarView, GroupView, PolicyView, RuleView, TargetView } from "../../shared/wire";
import { momentIn, spansProblem } from "./calendar-model";

export type Problem =
  | "empty"
  | "too_long"
  | "range"
  | "topic_twice"
  | "calendar_gone"
  | "zone_unknown"
  | "day_form"
  | "day_twice"
  | "checkpoint_hours"
  | "rule_empty"
  | "tag_twice"
  | "time_form"
  | "time_order"
  | "time_overlap";

/** Place in the document ("groups.billing.ru", "calendars.main.weekly.0", "targets.1.first") and what is wrong there. */
export type Problems = ReadonlyMap<string, Problem>;

export const LIMITS = {
  offer_seconds: [5, 600],
  silent_minutes: [1, 1_440],
  reopen_minutes: [0, 10_080],
  first: [1, 100_000],
  next: [1, 100_000],
  resolution: [1, 1_000_000],
  waited: [0, 100_000],
} as const;

const NAME_MAX = 100;
export const TAG_MAX = 40;
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

export function checkPolicy(policy: PolicyView): Problems {
  const found = new Map<string, Problem>();
  const tell = (place: string, problem: Problem | "") => {
    if (problem && !found.has(place)) found.set(place, problem);
  };
  policy.groups.forEach((group) => checkGroup(group, policy, tell));
  policy.calendars.forEach((calendar) => checkCalendar(calendar, tell));
  policy.targets.forEach((target) => checkTarget(target, tell));
  policy.rules.forEach((rule, at) => tell(`rules.${at}`, ruleProblem(rule)));
  policy.tags.forEach((tag, at) => tell(`tags.${at}`, policy.tags.indexOf(tag) < at ? "tag_twice" : named(tag, TAG_MAX)));
  return found;
}

type Tell = (place: string, problem: Problem | "") => void;

function named(text: string, max = NAME_MAX): Problem | "" {
  return !text.trim() ? "empty" : text.length > max ? "too_long" : "";
}

function ranged(value: number, limit: readonly [number, number]): Problem | "" {
  return Number.isInteger(value) && value >= limit[0] && value <= limit[1] ? "" : "range";
}

function checkGroup(group: GroupView, { groups, calendars }: PolicyView, tell: Tell): void {
  const at = `groups.${group.id}`;
  tell(`${at}.ru`, named(group.ru));
  tell(`${at}.en`, named(group.en));
  const others = groups.slice(0, groups.indexOf(group)).flatMap(({ topics }) => topics);
  if (group.topics.some((topic) => others.includes(topic))) tell(`${at}.topics`, "topic_twice");
  if (!calendars.some(({ id }) => id === group.calendar)) tell(`${at}.calendar`, "calendar_gone");
  for (const name of ["offer_seconds", "silent_minutes", "reopen_minutes"] as const) tell(`${at}.${name}`, ranged(group[name], LIMITS[name]));
}

function checkCalendar(calendar: CalendarView, tell: Tell): void {
  const at = `calendars.${calendar.id}`;
  tell(`${at}.name`, named(calendar.name));
  if (!momentIn(calendar.zone, new Date(0))) tell(`${at}.zone`, "zone_unknown");
  for (const day of EVERY_DAY) tell(`${at}.weekly.${day}`, spansProblem(calendar.weekly[day] ?? []));
  calendar.days.forEach(({ day, spans, checkpoint }, index) => {
    const place = `${at}.days.${index}`;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) tell(place, "day_form");
    if (calendar.days.findIndex((one) => one.day === day) < index) tell(place, "day_twice");
    if (checkpoint && !spans.length) tell(place, "checkpoint_hours");
    tell(place, spansProblem(spans));
  });
}

function checkTarget(target: TargetView, tell: Tell): void {
  for (const name of ["first", "next", "resolution"] as const) tell(`targets.${target.priority}.${name}`, ranged(target[name], LIMITS[name]));
}

function ruleProblem({ topic, mood, reason, vip, waited }: RuleView): Problem | "" {
  if (!topic && !mood && !reason && !vip && !waited) return "rule_empty";
  return ranged(waited ?? 0, LIMITS.waited);
}

/** Have problems below this place? */
export function within(problems: Problems, place: string): boolean {
  return [...problems.keys()].some((one) => one === place || one.startsWith(`${place}.`));
}

export interface Case {
  topic: string;
  mood: string;
  reason: string;
  vip: boolean;
  waited: number;
}

/** The priority that a request would get, and the rule that decides; -1 = none does, so it is normal. */
export function priorityOf(rules: readonly RuleView[], one: Case): { priority: number; rule: number } {
  const NORMAL = 3;
  let best = { priority: NORMAL, rule: -1 };
  rules.forEach((rule, at) => {
    if (ruleProblem(rule) || !holds(rule, one)) return;
    if (best.rule < 0 || rule.priority < best.priority) best = { priority: rule.priority, rule: at };
  });
  return best;
}

function holds(rule: RuleView, one: Case): boolean {
  const fits = (wanted: string | undefined, is: string) => !wanted || wanted === is;
  return (
    fits(rule.topic, one.topic) &&
    fits(rule.mood, one.mood) &&
    fits(rule.reason, one.reason) &&
    (!rule.vip || one.vip) &&
    one.waited >= (rule.waited ?? 0)
  );
}
