import { expect, test } from "vitest";
import { checkPolicy, priorityOf, within } from "../src/desk/lead/policy-check";
import { changedSections, rebase, same } from "../src/desk/lead/policy-diff";
import { allowed, screenOf } from "../src/desk/lead/screens";
import type { GroupView, PolicyView, RuleView } from "../src/shared/wire";

const group = (id: string, change: Partial<GroupView> = {}): GroupView => ({
  id,
  ru: `Группа ${id}`,
  en: `Group ${id}`,
  topics: [],
  calendar: "always",
  mode: "pull",
  offer_seconds: 30,
  silent_minutes: 10,
  reopen_minutes: 30,
  locked: false,
  ...change,
});

const policy = (change: Partial<PolicyView> = {}): PolicyView => ({
  groups: [group("support"), group("billing", { topics: ["payment"] })],
  calendars: [{ id: "always", name: "24/7", zone: "UTC", weekly: Array.from({ length: 7 }, () => [{ opens: "00:00", closes: "24:00" }]), days: [] }],
  targets: [1, 2, 3, 4].map((priority) => ({ priority, first: 5, next: 10, resolution: 60 })),
  rules: [{ priority: 1, mood: "angry" }],
  tags: ["vip"],
  version: 1,
  ...change,
});

test("a field that is left out is the same as its empty value", () => {
  expect(same({ priority: 1 }, { priority: 1, topic: "", vip: false, waited: 0 })).toBe(true);
  expect(same({ priority: 1 }, { priority: 1, waited: 15 })).toBe(false);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same([], undefined)).toBe(false);
});

test("the sections that were changed are named", () => {
  expect(changedSections(policy(), policy())).toEqual([]);
  expect(changedSections(policy(), policy({ tags: [], rules: [] }))).toEqual(["rules", "tags"]);
});

test("what only one of two people changed is kept from both", () => {
  const mine = policy({ groups: [group("support", { en: "Help" }), policy().groups[1]!] });
  const theirs = policy({ version: 2, groups: [policy().groups[0]!, group("billing", { topics: ["payment"], locked: true }), group("new")], tags: ["vip", "gold"] });
  const { policy: both, clashes } = rebase(policy(), mine, theirs);
  expect(both.groups.map(({ en, locked }) => [en, locked])).toEqual([
    ["Help", false],
    ["Group billing", true],
    ["Group new", false],
  ]);
  expect(both.tags).toEqual(["vip", "gold"]);
  expect(both.version).toBe(2);
  expect(clashes).toEqual([]);
});

test("where both changed the same thing mine is shown and the clash is named", () => {
  const mine = policy({ groups: [group("support", { en: "Mine" })] });
  const theirs = policy({ version: 2, groups: [group("support", { en: "Theirs" }), group("billing", { topics: ["payment"], locked: true })] });
  const { policy: both, clashes } = rebase(policy(), mine, theirs);
  expect(both.groups[0]!.en).toBe("Mine");
  // I removed it, they changed it: nothing is thrown away unseen.
  expect(both.groups[1]!.locked).toBe(true);
  expect(clashes).toEqual(["groups"]);
});

test("a thing that one removed and nobody else touched is gone", () => {
  const theirs = policy({ version: 2, tags: ["vip", "gold"], groups: [group("support")] });
  const { policy: both } = rebase(policy(), policy({ tags: [] }), theirs);
  expect(both.tags).toEqual(["gold"]);
  expect(both.groups.map(({ id }) => id)).toEqual(["support"]);
});

test("rules of two people are joined, the same one once", () => {
  const fresh: RuleView = { priority: 2, waited: 15 };
  const mine = policy({ rules: [...policy().rules, fresh] });
  const theirs = policy({ rules: [...policy().rules, { waited: 15, priority: 2 }, { priority: 4, topic: "tv" }] });
  expect(rebase(policy(), mine, theirs).policy.rules).toHaveLength(3);
});

test("sound rules have no problems", () => {
  expect([...checkPolicy(policy())]).toEqual([]);
});

test("every problem is told at its place", () => {
  const broken = policy({
    groups: [group("support", { ru: " ", offer_seconds: 1 }), group("billing", { topics: ["tv"], calendar: "gone" }), group("third", { topics: ["tv"] })],
    calendars: [
      {
        id: "c",
        name: "",
        zone: "Nowhere/Land",
        weekly: [[{ opens: "18:00", closes: "09:00" }], [], [], [], [], [], []],
        days: [
          { day: "2027-01-01", spans: [] },
          { day: "2027-01-01", spans: [] },
          { day: "", spans: [] },
          { day: "2027-01-02", spans: [], checkpoint: true },
        ],
      },
    ],
    targets: [{ priority: 1, first: 0, next: Number.NaN, resolution: 1.5 }],
    rules: [{ priority: 2 }],
    tags: ["a", "a", "x".repeat(41)],
  });
  expect(Object.fromEntries(checkPolicy(broken))).toEqual({
    "groups.support.ru": "empty",
    "groups.support.offer_seconds": "range",
    "groups.support.calendar": "calendar_gone",
    "groups.billing.calendar": "calendar_gone",
    "groups.third.calendar": "calendar_gone",
    "groups.third.topics": "topic_twice",
    "calendars.c.name": "empty",
    "calendars.c.zone": "zone_unknown",
    "calendars.c.weekly.0": "time_order",
    "calendars.c.days.1": "day_twice",
    "calendars.c.days.2": "day_form",
    "calendars.c.days.3": "checkpoint_hours",
    "targets.1.first": "range",
    "targets.1.next": "range",
    "targets.1.resolution": "range",
    "rules.0": "rule_empty",
    "tags.1": "tag_twice",
    "tags.2": "too_long",
  });
});

test("problems within a group are not those of a group whose name begins alike", () => {
  const problems = new Map([["groups.support2.ru", "empty" as const]]);
  expect(within(problems, "groups.support")).toBe(false);
  expect(within(problems, "groups.support2")).toBe(true);
});

test("the most urgent of the rules that fit decides, and a rule without conditions never does", () => {
  const rules: RuleView[] = [{ priority: 1 }, { priority: 4, topic: "tv" }, { priority: 2, vip: true }, { priority: 2, topic: "tv", waited: 15 }];
  const one = { topic: "tv", mood: "calm", reason: "asked", vip: false, waited: 0 };
  expect(priorityOf(rules, one)).toEqual({ priority: 4, rule: 1 });
  expect(priorityOf(rules, { ...one, waited: 15 })).toEqual({ priority: 2, rule: 3 });
  expect(priorityOf(rules, { ...one, vip: true })).toEqual({ priority: 2, rule: 2 });
  expect(priorityOf(rules, { ...one, topic: "" })).toEqual({ priority: 3, rule: -1 });
});

test("only the screens that the permissions allow are in the menu", () => {
  const ids = (permissions: string[]) => allowed(permissions).map(({ id }) => id);
  expect(ids([])).toEqual(["password"]);
  expect(ids(["see_desk", "answer", "file_issues"])).toEqual(["issues", "notices", "password"]);
  expect(ids(["manage_team"])).toContain("calendars");
  expect(ids(["manage_team"])).not.toContain("tracker");
  expect(screenOf(allowed([]), "tracker")).toBeUndefined();
  expect(screenOf(allowed([]), "")?.id).toBe("password");
});
