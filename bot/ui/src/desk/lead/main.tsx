// The settings: a menu of the screens that this person may see, and the one that the address names.
import { h } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../../shared/icons";
import { BACK } from "../icons";
import { session } from "../store";
import { AnswersScreen } from "./answers";
import { Audit } from "./audit";
import { Calendars } from "./calendars";
import { CannedScreen } from "./canned";
import { unsaved } from "./canned-editor";
import { Groups } from "./groups";
import * as icons from "./icons";
import { Incidents } from "./incidents";
import { Issues } from "./issues";
import { MyNotices } from "./notices";
import { Empty, Page } from "./parts";
import { MyPassword } from "./password";
import { People } from "./people";
import { Playbooks } from "./playbooks";
import { changed } from "./policy";
import { Priorities } from "./priorities";
import { allowed, type Part, type Screen, screenOf } from "./screens";
import { Sla } from "./sla";
import "./styles/lead.css";
import { Tags } from "./tags";
import { Team } from "./team";
import { TrackerScreen } from "./tracker";
import { words } from "./words";

const PICTURES: Record<Screen["id"], string> = {
  team: icons.TEAM,
  incidents: icons.ALARM,
  people: icons.PEOPLE,
  groups: icons.GROUPS,
  calendars: icons.CALENDAR,
  sla: icons.SLA,
  priorities: icons.PRIORITIES,
  tags: icons.TAGS,
  answers: icons.ANSWERS,
  canned: icons.CANNED,
  playbooks: icons.BOOK,
  issues: icons.BUG,
  tracker: icons.TRACKER,
  audit: icons.AUDIT,
  notices: icons.NOTICES,
  password: icons.KEY,
};

const CONTENT: Record<Screen["id"], () => h.JSX.Element | null> = {
  team: Team,
  incidents: Incidents,
  people: People,
  groups: Groups,
  calendars: Calendars,
  sla: Sla,
  priorities: Priorities,
  tags: Tags,
  answers: AnswersScreen,
  canned: CannedScreen,
  playbooks: Playbooks,
  issues: Issues,
  tracker: TrackerScreen,
  audit: Audit,
  notices: MyNotices,
  password: MyPassword,
};

/** `screen`: what stands after `#/lead/`; empty shows the menu on a phone and the first screen beside it elsewhere. */
export function Lead({ screen }: { screen: string }) {
  const screens = allowed(session.value?.operator.permissions ?? []);
  const current = screenOf(screens, screen);
  const Content = current && CONTENT[current.id];
  useEffect(() => {
    // Leaving the page with changes that are not saved asks first; within it they stay.
    const hold = (event: BeforeUnloadEvent) => {
      if (changed.value.length || unsaved.value.size) event.preventDefault();
    };
    addEventListener("beforeunload", hold);
    return () => removeEventListener("beforeunload", hold);
  }, []);
  return (
    <div class={`lead ${screen ? "open" : ""}`}>
      <Menu screens={screens} current={current?.id} open={screen !== ""} />
      <div class="lead-page" key={current?.id}>
        {Content ? (
          <Content />
        ) : (
          <Page title={words.value.settings}>
            <Empty title={words.value.forbidden} text={words.value.forbiddenHint} />
          </Page>
        )}
      </div>
    </div>
  );
}

interface MenuProps {
  screens: Screen[];
  current: string | undefined;
  /** The address names a screen. */
  open: boolean;
}

function Menu({ screens, current, open }: MenuProps) {
  const t = words.value;
  const parts = [...new Set(screens.map(({ part }) => part))];
  return (
    <nav class="lead-menu" aria-label={t.settings}>
      <a class="lead-home" href="#/">
        <Icon d={BACK} />
        {t.toDesk}
      </a>
      {/* On a phone the menu is a page of its own. */}
      {open ? <p class="lead-name">{t.settings}</p> : <h1 class="lead-name">{t.settings}</h1>}
      {parts.map((part) => (
        <MenuPart key={part} part={part} screens={screens.filter((one) => one.part === part)} current={current} />
      ))}
    </nav>
  );
}

function MenuPart({ part, screens, current }: { part: Part; screens: Screen[]; current: string | undefined }) {
  const t = words.value;
  return (
    <section>
      <h2>{t.parts[part]}</h2>
      <ul>
        {screens.map(({ id }) => (
          <li key={id}>
            <a href={`#/lead/${id}`} aria-current={id === current ? "page" : undefined}>
              <Icon d={PICTURES[id]} />
              {t.screens[id]}
              {changedHere(id) && (
                <i class="unsaved-dot">
                  <span class="hidden">{t.policy.unsaved}</span>
                </i>
              )}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function changedHere(id: Screen["id"]): boolean {
  if (id === "canned") return unsaved.value.size > 0;
  const sections = { groups: "groups", calendars: "calendars", sla: "targets", priorities: "rules", tags: "tags" } as const;
  return id in sections && changed.value.includes(sections[id as keyof typeof sections]);
}
