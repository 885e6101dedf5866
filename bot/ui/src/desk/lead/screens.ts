// Which settings screens there are, in which part of the menu, and who may see them. Pure.

export type Part = "now" | "rules" | "answers" | "control" | "me";

export interface Screen {
  id: "team" | "people" | "groups" | "calendars" | "sla" | "priorities" | "tags" | "answers" | "canned" | "playbooks" | "incidents" | "issues" | "tracker" | "audit" | "notices" | "password";
  part: Part;
  /** One of these permissions opens it; none = everybody's. */
  needs: readonly string[];
}

export const SCREENS: readonly Screen[] = [
  { id: "team", part: "now", needs: ["assign", "see_reports"] },
  { id: "incidents", part: "now", needs: ["manage_team"] },
  { id: "people", part: "now", needs: ["manage_operators", "manage_team"] },
  { id: "groups", part: "rules", needs: ["manage_team"] },
  { id: "calendars", part: "rules", needs: ["manage_team"] },
  { id: "sla", part: "rules", needs: ["manage_team"] },
  { id: "priorities", part: "rules", needs: ["manage_team"] },
  { id: "tags", part: "rules", needs: ["manage_team"] },
  { id: "answers", part: "answers", needs: ["edit_articles", "see_reports"] },
  { id: "canned", part: "answers", needs: ["edit_canned"] },
  { id: "playbooks", part: "answers", needs: ["manage_team"] },
  { id: "issues", part: "answers", needs: ["file_issues"] },
  { id: "tracker", part: "answers", needs: ["manage_installation"] },
  { id: "audit", part: "control", needs: ["see_audit"] },
  { id: "notices", part: "me", needs: ["see_desk"] },
  { id: "password", part: "me", needs: [] },
];

export function allowed(permissions: readonly string[]): Screen[] {
  return SCREENS.filter(({ needs }) => !needs.length || needs.some((one) => permissions.includes(one)));
}

/** The screen of the address, else the first one there is. */
export function screenOf(screens: readonly Screen[], id: string): Screen | undefined {
  return screens.find((one) => one.id === id) ?? (id ? undefined : screens[0]);
}
